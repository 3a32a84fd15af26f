// A holder's file that is overwritten where it lies, by `cp`, `rsync --inplace` or a truncation:
// its place is as it should be and its bytes are not. Found, never taken for another server's, and
// given the root of now when it is told to.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/reason.h"
#include "crypto/kdf.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/memory_slot_file.h"
#include "tests/support/temp_dir.h"
#include "vault/holders/file_holder.h"
#include "vault/holders/holder_set.h"
#include "vault/holders/slot_holder.h"

namespace lethe::vault::holders {
namespace {

namespace fs = std::filesystem;
using test::SlotDisk;

constexpr std::uint64_t kEpoch = 5;

SlotContent ContentOf(std::uint8_t root_byte, std::uint64_t generation,
                      std::uint64_t epoch = kEpoch, std::uint8_t vault = 1) {
  std::array<std::uint8_t, 32> root;
  root.fill(root_byte);
  SlotContent content;
  content.vault = VaultId::FromBytes(std::array<std::uint8_t, 16>{vault});
  content.generation = generation;
  content.owner_epoch = epoch;
  content.root = Secret::CopyFrom(root);
  content.root_commitment = crypto::Commit(content.root);
  return content;
}

// What a holder's file is that was given `content` alone.
std::string BytesWith(const SlotContent& content) {
  auto disk = std::make_shared<SlotDisk>();
  EXPECT_TRUE(test::HolderOn(disk)->WriteSlot(0, content).ok());
  return disk->bytes;
}

std::string Root(std::uint8_t root_byte) { return std::string(32, static_cast<char>(root_byte)); }

class OverwrittenTest : public testing::Test {
 protected:
  OverwrittenTest() {
    disk_->change_time = 1;
    EXPECT_TRUE(holder_->WriteSlot(0, now_).ok());
    disk_->before_read = [this] {
      ++reads_;
      return absl::OkStatus();
    };
  }
  Standing Find(const SlotContent& current) {
    const auto found = holder_->Find(current);
    EXPECT_TRUE(found.ok()) << found.status();
    return *found;
  }

  const SlotContent now_ = ContentOf(0xa1, 8);
  std::shared_ptr<SlotDisk> disk_ = std::make_shared<SlotDisk>();
  std::unique_ptr<Holder> holder_ = test::HolderOn(disk_);
  int reads_ = 0;
};

TEST_F(OverwrittenTest, WhatStandsThereIsFoundAndReadOnlyWhereItChanged) {
  EXPECT_EQ(Find(now_), Standing::kCurrent);
  const int reads = reads_;
  EXPECT_EQ(Find(now_), Standing::kCurrent);
  EXPECT_EQ(reads_, reads) << "a token would be asked for nothing";

  disk_->Overwrite(BytesWith(ContentOf(0xa0, 7)));
  EXPECT_EQ(Find(now_), Standing::kReplaced);
  disk_->Overwrite(BytesWith(ContentOf(0xa0, 7, kEpoch - 1)));
  EXPECT_EQ(Find(now_), Standing::kBehind);
  disk_->Overwrite(BytesWith(ContentOf(0xa1, 8, kEpoch - 1)));
  EXPECT_EQ(Find(now_), Standing::kCurrent) << "the root of now, as a start before left it";
  disk_->Overwrite(BytesWith(ContentOf(0xb0, 1, kEpoch + 1)));
  EXPECT_EQ(Find(now_), Standing::kReplaced);
  disk_->Overwrite(BytesWith(ContentOf(0xb0, 1, 1, 2)));
  EXPECT_EQ(Find(now_), Standing::kReplaced) << "another vault's";
  disk_->Overwrite(std::string(kHolderFileBytes, '\0'));
  EXPECT_EQ(Find(now_), Standing::kBehind);
}

TEST_F(OverwrittenTest, InTheMiddleOfAnAttemptTheNextRootIsTheRootOfNow) {
  ASSERT_TRUE(holder_->WriteSlot(1, ContentOf(0xa2, 9)).ok());
  ASSERT_TRUE(holder_->DestroySlot(0).ok());
  EXPECT_EQ(Find(now_), Standing::kCurrent);
}

TEST_F(OverwrittenTest, AFileThatDoesNotSayWhenItChangedIsNotLookedInto) {
  disk_->change_time = 0;
  EXPECT_TRUE(absl::IsUnavailable(holder_->Find(now_).status()));
  EXPECT_EQ(reads_, 0);
}

TEST_F(OverwrittenTest, ARejoinGivesItTheRootOfNowAndDestroysWhatCameInstead) {
  disk_->Overwrite(BytesWith(ContentOf(0xa0, 7)));
  const Rejoined rejoined = holder_->Rejoin(now_);
  ASSERT_TRUE(rejoined.status.ok()) << rejoined.status;
  EXPECT_TRUE(rejoined.took_over);
  EXPECT_FALSE(rejoined.left_root) << "its blocks are the same";
  EXPECT_EQ(disk_->bytes.find(Root(0xa0)), std::string::npos);
  EXPECT_EQ(Find(now_), Standing::kCurrent);
  EXPECT_FALSE(holder_->Rejoin(now_).took_over) << "nothing to do any more";
}

// A file system, or a development vault, of which nobody knows whether the blocks are the same.
TEST_F(OverwrittenTest, WhereTheOldBlocksMayBeElsewhereThatIsTold) {
  holder_ = test::HolderOn(disk_, "file-1", Assurance::kUnverified);
  disk_->Overwrite(BytesWith(ContentOf(0xa0, 7)));
  EXPECT_TRUE(holder_->Rejoin(now_).left_root);
}

class OverwrittenSetTest : public testing::Test {
 protected:
  // Each with this content alone.
  HolderSet SetOf(const std::vector<std::string>& contents) {
    std::vector<std::unique_ptr<Holder>> holders;
    for (const std::string& bytes : contents) {
      disks_.push_back(std::make_shared<SlotDisk>());
      disks_.back()->Overwrite(bytes);
      holders.push_back(test::HolderOn(disks_.back(), "file-" + std::to_string(disks_.size())));
    }
    return HolderSet(std::move(holders));
  }
  // Refused before anything was written.
  void ExpectRefused(const std::vector<std::string>& contents, Reason reason,
                     const std::string& says) {
    HolderSet set = SetOf(contents);
    const absl::Status joined = set.Join(now_);
    EXPECT_EQ(ReasonOf(joined), reason) << joined;
    EXPECT_THAT(std::string(joined.message()), testing::HasSubstr(says));
    for (std::size_t i = 0; i < contents.size(); ++i) EXPECT_EQ(disks_[i]->bytes, contents[i]);
    disks_.clear();
  }

  const SlotContent now_ = ContentOf(0xa1, 8);
  const std::string good_ = BytesWith(now_);
  const std::string old_ = BytesWith(ContentOf(0xa0, 7));
  const std::string none_ = std::string(kHolderFileBytes, '\0');
  std::vector<std::shared_ptr<SlotDisk>> disks_;
};

TEST_F(OverwrittenSetTest, AnOlderRootOfOursIsNoOtherServer) {
  ExpectRefused({old_}, Reason::kHolderUnreachable, "lethe key holder rejoin file-1");
  ExpectRefused({none_}, Reason::kHolderUnreachable, "lethe key holder rejoin file-1");
  ExpectRefused({good_, old_}, Reason::kHolderUnreachable, "lethe key holder rejoin file-2");
  ExpectRefused({BytesWith(ContentOf(0xb0, 9, kEpoch + 9, 2))}, Reason::kHolderUnreachable,
                "rejoin file-1");
}

TEST_F(OverwrittenSetTest, AnotherServerIsStillFoundOut) {
  ExpectRefused({BytesWith(ContentOf(0xb0, 7, kEpoch + 1))}, Reason::kSealed, "another server");
  ExpectRefused({BytesWith(ContentOf(0xb0, 8))}, Reason::kSealed, "another server");
  ExpectRefused({good_, BytesWith(ContentOf(0xb0, 9))}, Reason::kSealed, "another server");
}

TEST_F(OverwrittenSetTest, WhereAnotherHasTheRootAnEmptyOneIsMended) {
  HolderSet set = SetOf({good_, none_});
  EXPECT_TRUE(set.LookAt(now_).behind);
  EXPECT_TRUE(set.LookAt(now_).lost.empty());
  ASSERT_TRUE(set.Join(now_).ok());
  EXPECT_NE(disks_[1]->bytes.find(Root(0xa1)), std::string::npos);
}

// Of a copy that was made in the middle of an erase.
TEST_F(OverwrittenSetTest, AnOlderRootBesideTheRootOfNowIsDestroyed) {
  HolderSet set = SetOf({good_});
  ASSERT_TRUE(test::HolderOn(disks_[0])->WriteSlot(1, ContentOf(0xa0, 7)).ok());
  ASSERT_TRUE(set.Join(now_).ok());
  EXPECT_EQ(disks_[0]->bytes.find(Root(0xa0)), std::string::npos);
  EXPECT_NE(disks_[0]->bytes.find(Root(0xa1)), std::string::npos);
}

TEST_F(OverwrittenSetTest, ALookTellsWhatIsLostAndWhetherAnotherHasTheRoot) {
  HolderSet::Look look = SetOf({old_}).LookAt(now_);
  EXPECT_THAT(look.lost, testing::ElementsAre(testing::HasSubstr("rejoin file-1")));
  EXPECT_TRUE(look.stranded);
  disks_.clear();
  look = SetOf({none_}).LookAt(now_);
  EXPECT_EQ(look.lost.size(), 1u);
  EXPECT_TRUE(look.stranded);
  disks_.clear();
  look = SetOf({good_, old_}).LookAt(now_);
  EXPECT_THAT(look.lost, testing::ElementsAre(testing::HasSubstr("rejoin file-2")));
  EXPECT_FALSE(look.stranded);
  EXPECT_EQ(look.standing.size(), 1u);
}

// A holder given up for good must not be the last that has the root.
TEST_F(OverwrittenSetTest, AnOverwrittenOneIsNoSpare) {
  HolderSet set = SetOf({good_, old_});
  EXPECT_EQ(ReasonOf(set.CheckSpare("file-1", now_)), Reason::kHolderNeeded);
  EXPECT_TRUE(set.CheckSpare("file-2", now_).ok()) << "the control";
}

// Real files: what the system says of a change, and the lock.
class OverwrittenFileTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(CreateHolderFile(options_).ok());
    holder_ = *OpenFileHolder(options_);
    ASSERT_TRUE(holder_->WriteSlot(0, now_).ok());
    ASSERT_EQ(*holder_->Find(now_), Standing::kCurrent);
  }
  void Overwrite(const std::string& with) {
    std::ofstream(options_.path, std::ios::binary | std::ios::trunc) << with;
  }
  std::string Bytes() {
    std::ifstream file(options_.path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  test::TempDir dir_;
  const FileHolderOptions options_{.path = dir_ / "holder.slots", .dev = true};
  const SlotContent now_ = ContentOf(0xa1, 8);
  std::unique_ptr<Holder> holder_;
};

TEST_F(OverwrittenFileTest, IsSeenThoughItsPlaceIsAsItWasAndMendedByARejoin) {
  for (const std::string& with :
       {BytesWith(ContentOf(0xa0, 7)), std::string(kHolderFileBytes, '\0')}) {
    Overwrite(with);
    EXPECT_TRUE(holder_->CheckPlace().ok());
    EXPECT_NE(*holder_->Find(now_), Standing::kCurrent);

    const Rejoined rejoined = holder_->Rejoin(now_);

    ASSERT_TRUE(rejoined.status.ok()) << rejoined.status;
    EXPECT_TRUE(rejoined.left_root) << "the blocks of before were given up";
    EXPECT_EQ(*holder_->Find(now_), Standing::kCurrent);
    EXPECT_EQ(Bytes().find(Root(0xa0)), std::string::npos);
    EXPECT_EQ(ReasonOf(OpenFileHolder(options_).status()), Reason::kHolderUnreachable)
        << "still locked";
  }
}

TEST_F(OverwrittenFileTest, WhatIsNoHoldersOfThisVaultIsRefusedAndLeftAlone) {
  for (const std::string& with :
       {std::string(kHolderFileBytes, 'x'), BytesWith(ContentOf(0xb0, 1, 1, 2)),
        BytesWith(ContentOf(0xb0, 1, kEpoch + 1))}) {
    Overwrite(with);
    const Rejoined rejoined = holder_->Rejoin(now_);
    EXPECT_EQ(ReasonOf(rejoined.status), Reason::kHolderNeeded) << rejoined.status;
    EXPECT_FALSE(rejoined.took_over);
    EXPECT_EQ(Bytes(), with);
    EXPECT_EQ(ReasonOf(OpenFileHolder(options_).status()), Reason::kHolderUnreachable)
        << "still locked";
  }
  const std::string with = Bytes();
  fs::rename(options_.path, dir_ / "away");
  EXPECT_TRUE(holder_->Rejoin(now_).status.ok()) << "the way out";
  fs::remove(options_.path);
  fs::rename(dir_ / "away", options_.path);
  EXPECT_EQ(Bytes(), with) << "nobody else's root is overwritten";
}

}  // namespace
}  // namespace lethe::vault::holders
