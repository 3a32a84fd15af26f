// A holder's file that is moved, deleted, replaced or cut while it is open: nothing is written to
// what the next start would not find, and what stands at the path takes over when it is told to.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/reason.h"
#include "crypto/kdf.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"
#include "tests/vault/holders/loop_mount.h"
#include "vault/holders/file_holder.h"
#include "vault/holders/slot_holder.h"

namespace lethe::vault::holders {
namespace {

namespace fs = std::filesystem;

SlotContent ContentOf(std::uint8_t root_byte, std::uint64_t generation, std::uint8_t vault = 1) {
  std::array<std::uint8_t, 32> root;
  root.fill(root_byte);
  SlotContent content;
  content.vault = VaultId::FromBytes(std::array<std::uint8_t, 16>{vault});
  content.generation = generation;
  content.owner_epoch = 5;
  content.root = Secret::CopyFrom(root);
  content.root_commitment = crypto::Commit(content.root);
  return content;
}

std::string FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool Has(const std::string& path, std::uint8_t root_byte) {
  return FileBytes(path).find(std::string(32, static_cast<char>(root_byte))) != std::string::npos;
}

class MovedFileTest : public testing::Test {
 protected:
  // A holder with root 0xa1, which had root 0xa0 when `copy_` was made.
  void SetUp() override {
    ASSERT_TRUE(CreateHolderFile(options_).ok());
    auto opened = OpenFileHolder(options_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    holder_ = *std::move(opened);
    ASSERT_TRUE(holder_->WriteSlot(0, ContentOf(0xa0, 7)).ok());
    fs::copy(options_.path, copy_);
    ASSERT_TRUE(holder_->WriteSlot(1, now_).ok());
    ASSERT_TRUE(holder_->DestroySlot(0).ok());
    ASSERT_TRUE(holder_->ReadSlots().ok());
  }
  void ReplaceByTheCopy() { fs::rename(copy_, options_.path); }
  // Another name of the open file, so that a test can look at it after an unlink.
  std::string KeepInSight() {
    fs::create_hard_link(options_.path, dir_ / "in-sight");
    return dir_ / "in-sight";
  }
  void ExpectSilent() {
    EXPECT_EQ(ReasonOf(holder_->CheckPlace()), Reason::kHolderUnreachable);
    EXPECT_EQ(ReasonOf(holder_->ReadSlots().status()), Reason::kHolderUnreachable);
    EXPECT_EQ(ReasonOf(holder_->WriteSlot(0, ContentOf(0xa2, 9))), Reason::kHolderUnreachable);
    EXPECT_EQ(ReasonOf(holder_->DestroySlot(1)), Reason::kHolderUnreachable);
  }
  void ExpectWhole() {
    const auto slots = holder_->ReadSlots();
    ASSERT_TRUE(slots.ok()) << slots.status();
    int whole = 0;
    for (const Slot& slot : *slots) {
      if (slot.state == Slot::State::kEmpty) continue;
      ASSERT_EQ(slot.state, Slot::State::kWhole);
      EXPECT_EQ(slot.content->root_commitment, now_.root_commitment);
      ++whole;
    }
    EXPECT_EQ(whole, 1);
  }
  // Refused in words, and neither file was touched.
  void ExpectRefused(const std::string& says) {
    const std::string before = fs::is_regular_file(options_.path) ? FileBytes(options_.path) : "";
    const absl::Status refused = holder_->Rejoin(now_).status;
    EXPECT_EQ(ReasonOf(refused), Reason::kHolderNeeded) << refused;
    EXPECT_NE(refused.message().find(says), std::string::npos) << refused;
    EXPECT_EQ(fs::is_regular_file(options_.path) ? FileBytes(options_.path) : "", before);
    ExpectSilent();
  }

  test::TempDir dir_;
  const FileHolderOptions options_{.path = dir_ / "holder.slots", .dev = true};
  const std::string copy_ = dir_ / "copy";
  const SlotContent now_ = ContentOf(0xa1, 8);
  std::unique_ptr<Holder> holder_;
};

TEST_F(MovedFileTest, ACopyRenamedOverItSilencesTheHolderAndNeitherFileIsWritten) {
  EXPECT_TRUE(holder_->CheckPlace().ok()) << "the control";
  const std::string copy = FileBytes(copy_);
  fs::rename(options_.path, dir_ / "away");
  const std::string away = FileBytes(dir_ / "away");
  ReplaceByTheCopy();

  ExpectSilent();

  EXPECT_EQ(FileBytes(options_.path), copy);
  EXPECT_EQ(FileBytes(dir_ / "away"), away);
  const std::string says(holder_->CheckPlace().message());
  EXPECT_NE(says.find("lethe key holder rejoin file-1"), std::string::npos) << says;
  EXPECT_EQ(says.find(dir_.path()), std::string::npos) << "no path";
}

TEST_F(MovedFileTest, TheVeryFilePutBackIsEnough) {
  fs::rename(options_.path, dir_ / "away");
  ExpectSilent();
  fs::rename(dir_ / "away", options_.path);
  ExpectWhole();
  EXPECT_FALSE(holder_->Rejoin(now_).took_over) << "nothing to do";
  EXPECT_TRUE(holder_->WriteSlot(0, ContentOf(0xa2, 9)).ok());
}

TEST_F(MovedFileTest, AnUnlinkAndACutAreSeen) {
  fs::resize_file(options_.path, 4'096);
  ExpectSilent();
  ExpectRefused("size");
  fs::remove(options_.path);
  ExpectSilent();
}

TEST_F(MovedFileTest, AnOldCopyThatTakesOverGetsTheRootOfNowAndLosesItsOwn) {
  const std::string former = KeepInSight();
  ReplaceByTheCopy();
  ASSERT_TRUE(Has(options_.path, 0xa0)) << "the control: a root that was destroyed is back";
  ASSERT_TRUE(Has(former, 0xa1)) << "the control";

  const Rejoined rejoined = holder_->Rejoin(now_);

  ASSERT_TRUE(rejoined.status.ok()) << rejoined.status;
  EXPECT_TRUE(rejoined.took_over);
  EXPECT_FALSE(rejoined.left_root);
  ExpectWhole();
  EXPECT_TRUE(Has(options_.path, 0xa1));
  EXPECT_FALSE(Has(options_.path, 0xa0));
  EXPECT_FALSE(Has(former, 0xa1)) << "what is unlinked keeps no root";
  holder_.reset();
  auto again = OpenFileHolder(options_);
  ASSERT_TRUE(again.ok()) << again.status();
  holder_ = *std::move(again);
  ExpectWhole();
}

TEST_F(MovedFileTest, WhereNothingStandsANewFileIsMade) {
  const std::string former = KeepInSight();
  fs::remove(options_.path);
  ASSERT_TRUE(holder_->Rejoin(now_).status.ok());
  ExpectWhole();
  EXPECT_EQ(fs::file_size(options_.path), kHolderFileBytes);
  EXPECT_FALSE(Has(former, 0xa1));
  // And again, for the file it has now.
  fs::remove(options_.path);
  ExpectSilent();
  ASSERT_TRUE(holder_->Rejoin(now_).status.ok());
  ExpectWhole();
}

TEST_F(MovedFileTest, TheNewFileIsThisProcesssAlone) {
  fs::remove(options_.path);
  ASSERT_TRUE(holder_->Rejoin(now_).status.ok());
  EXPECT_EQ(ReasonOf(OpenFileHolder(options_).status()), Reason::kHolderUnreachable);
}

TEST_F(MovedFileTest, WhatCannotBeAHolderOfThisVaultIsRefusedAndLeftAlone) {
  fs::rename(options_.path, dir_ / "away");
  std::ofstream(options_.path) << "a note";
  ExpectRefused("size");
  std::ofstream(options_.path) << std::string(kHolderFileBytes, 'x');
  ExpectRefused("is not a holder's");
  fs::remove(options_.path);
  fs::create_symlink(copy_, options_.path);
  ExpectRefused("symbolic link");
  fs::remove(options_.path);
  fs::create_directory(options_.path);
  ExpectRefused("cannot be opened");
  fs::remove(options_.path);
  ASSERT_TRUE(CreateHolderFile(options_).ok());
  ASSERT_TRUE((*OpenFileHolder(options_))->WriteSlot(0, ContentOf(0xb0, 1, 2)).ok());
  ExpectRefused("another vault's");
  fs::remove(options_.path);
  ASSERT_TRUE(CreateHolderFile(options_).ok());
  SlotContent later = ContentOf(0xb0, 1);
  later.owner_epoch = now_.owner_epoch + 1;
  ASSERT_TRUE((*OpenFileHolder(options_))->WriteSlot(0, later).ok());
  ExpectRefused("another server's");

  fs::remove(options_.path);
  ASSERT_TRUE(holder_->Rejoin(now_).status.ok()) << "the control";
  ExpectWhole();
}

// The root went with the blocks that were cut off, and nobody knows where those are.
TEST_F(MovedFileTest, ACutFileIsToldToKeepTheRootThatItLost) {
  fs::resize_file(options_.path, 4'096);
  fs::rename(options_.path, dir_ / "cut");
  const Rejoined rejoined = holder_->Rejoin(now_);
  ASSERT_TRUE(rejoined.status.ok()) << rejoined.status;
  EXPECT_TRUE(rejoined.left_root);
  ExpectWhole();
}

TEST_F(MovedFileTest, AnybodyMayAskWhetherItIsInItsPlaceUntilItIsClosed) {
  const PlaceProbe stands = holder_->NewPlaceProbe();
  EXPECT_TRUE(stands());
  fs::rename(options_.path, dir_ / "away");
  EXPECT_FALSE(stands());
  fs::rename(dir_ / "away", options_.path);
  EXPECT_TRUE(stands());
  holder_.reset();
  EXPECT_FALSE(stands());
}

TEST_F(MovedFileTest, AFileThatAnotherProcessHasIsNotTaken) {
  ReplaceByTheCopy();
  const auto other = OpenFileHolder(options_);
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(ReasonOf(holder_->Rejoin(now_).status), Reason::kHolderUnreachable);
  EXPECT_TRUE(Has(options_.path, 0xa0)) << "nothing was changed";
}

// Of a file system that can forget, and holders that promise it.
class MovedOnXfsTest : public testing::Test {
 protected:
  test::LoopMount mount_{"mkfs.xfs -q -f -m reflink=1", "rw"};
};

TEST_F(MovedOnXfsTest, ACopyThatSharesItsBlocksIsRefusedAndOneOfItsOwnIsTaken) {
  if (!mount_.ok()) GTEST_SKIP() << mount_.why_not();
  const FileHolderOptions options{.path = mount_ / "holder.slots"};
  ASSERT_TRUE(CreateHolderFile(options).ok());
  auto holder = OpenFileHolder(options);
  ASSERT_TRUE(holder.ok()) << holder.status();
  const SlotContent now = ContentOf(0xa1, 8);
  ASSERT_TRUE((*holder)->WriteSlot(0, now).ok());
  ASSERT_TRUE(test::Run("cp --reflink=always " + options.path + " " + (mount_ / "copy")));
  ASSERT_TRUE(test::Run("cp --reflink=never " + options.path + " " + (mount_ / "own")));
  fs::rename(mount_ / "copy", options.path);
  const absl::Status shared = (*holder)->Rejoin(now).status;
  EXPECT_EQ(ReasonOf(shared), Reason::kHolderNeeded) << shared;

  fs::rename(mount_ / "own", options.path);
  ASSERT_TRUE((*holder)->Rejoin(now).status.ok());
  std::string why;
  EXPECT_EQ((*holder)->CheckAssurance(&why), Assurance::kHost) << why;
}

// A lazy unmount, and the same file system mounted again at the same place.
TEST_F(MovedOnXfsTest, TheVeryFileReachedInAnotherWayIsTakenAsItIs) {
  if (!mount_.ok()) GTEST_SKIP() << mount_.why_not();
  const FileHolderOptions options{.path = mount_ / "holder.slots"};
  ASSERT_TRUE(CreateHolderFile(options).ok());
  auto holder = OpenFileHolder(options);
  ASSERT_TRUE(holder.ok()) << holder.status();
  const SlotContent now = ContentOf(0xa1, 8);
  ASSERT_TRUE((*holder)->WriteSlot(0, now).ok());
  ASSERT_TRUE(test::Run("mount --bind " + mount_.path() + " " + mount_.path()));
  EXPECT_EQ(ReasonOf((*holder)->CheckPlace()), Reason::kHolderUnreachable);

  const absl::Status rejoined = (*holder)->Rejoin(now).status;

  EXPECT_TRUE(rejoined.ok()) << rejoined;
  EXPECT_TRUE((*holder)->CheckPlace().ok());
  EXPECT_TRUE(Has(options.path, 0xa1));
  EXPECT_EQ(ReasonOf(OpenFileHolder(options).status()), Reason::kHolderUnreachable) << "still ours";
  holder->reset();
  test::Run("umount " + mount_.path());
}

}  // namespace
}  // namespace lethe::vault::holders
