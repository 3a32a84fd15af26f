#include "vault/holders/file_holder.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <sys/stat.h>

#include "base/reason.h"
#include "crypto/kdf.h"
#include "gtest/gtest.h"
#include "tests/support/memory_slot_file.h"
#include "tests/support/temp_dir.h"
#include "vault/holders/slot_holder.h"

namespace lethe::vault::holders {
namespace {

using test::HolderOn;
using test::MemorySlotFile;
using test::SlotDisk;

SlotContent ContentOf(std::uint8_t root_byte, std::uint64_t generation) {
  std::array<std::uint8_t, 32> root;
  root.fill(root_byte);
  SlotContent content;
  content.vault = VaultId::FromBytes(std::array<std::uint8_t, 16>{1});
  content.generation = generation;
  content.root = Secret::CopyFrom(root);
  content.root_commitment = crypto::Commit(content.root);
  return content;
}

std::string RootBytes(std::uint8_t root_byte) {
  return std::string(32, static_cast<char>(root_byte));
}

std::string FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class FileHolderTest : public testing::Test {
 protected:
  FileHolderOptions Options() { return {.path = dir_ / "holder.slots", .dev = true}; }
  std::unique_ptr<Holder> Open() {
    auto holder = OpenFileHolder(Options());
    EXPECT_TRUE(holder.ok()) << holder.status();
    return holder.ok() ? *std::move(holder) : nullptr;
  }
  test::TempDir dir_;
};

TEST_F(FileHolderTest, ANewFileIsWrittenInFullWithBothSlotsEmpty) {
  ASSERT_TRUE(CreateHolderFile(Options()).ok());
  struct stat found;
  ASSERT_EQ(stat(Options().path.c_str(), &found), 0);
  EXPECT_EQ(found.st_size, static_cast<off_t>(kHolderFileBytes));
  EXPECT_GE(found.st_blocks * 512, static_cast<off_t>(kHolderFileBytes));  // No holes.
  EXPECT_EQ(found.st_mode & 0777, 0600u);

  const auto slots = Open()->ReadSlots();
  ASSERT_TRUE(slots.ok());
  for (const Slot& slot : *slots) EXPECT_EQ(slot.state, Slot::State::kEmpty);
}

TEST_F(FileHolderTest, IsMadeOnceAndFoundOnlyWhereItIs) {
  EXPECT_TRUE(absl::IsNotFound(OpenFileHolder(Options()).status()));
  ASSERT_TRUE(CreateHolderFile(Options()).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(CreateHolderFile(Options())));
}

TEST_F(FileHolderTest, KeepsItsSlotsAcrossAReopen) {
  ASSERT_TRUE(CreateHolderFile(Options()).ok());
  {
    const auto holder = Open();
    ASSERT_TRUE(holder->WriteSlot(0, ContentOf(0xa0, 7)).ok());
    ASSERT_TRUE(holder->WriteSlot(1, ContentOf(0xa1, 8)).ok());
  }
  const auto slots = Open()->ReadSlots();
  ASSERT_TRUE(slots.ok());
  for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
    ASSERT_EQ((*slots)[slot].state, Slot::State::kWhole);
    EXPECT_EQ((*slots)[slot].content->generation, 7u + slot);
  }
}

TEST_F(FileHolderTest, ADestroyedRootIsNowhereInTheFile) {
  ASSERT_TRUE(CreateHolderFile(Options()).ok());
  const auto holder = Open();
  ASSERT_TRUE(holder->WriteSlot(0, ContentOf(0xa0, 7)).ok());
  ASSERT_TRUE(holder->WriteSlot(1, ContentOf(0xa1, 8)).ok());
  ASSERT_NE(FileBytes(Options().path).find(RootBytes(0xa0)), std::string::npos);

  ASSERT_TRUE(holder->DestroySlot(0).ok());

  EXPECT_EQ(FileBytes(Options().path).find(RootBytes(0xa0)), std::string::npos);
  EXPECT_NE(FileBytes(Options().path).find(RootBytes(0xa1)), std::string::npos);
  const auto slots = holder->ReadSlots();
  EXPECT_EQ((*slots)[0].state, Slot::State::kEmpty);
  EXPECT_EQ((*slots)[1].state, Slot::State::kWhole);
}

TEST_F(FileHolderTest, IsOneProcesssAtATime) {
  ASSERT_TRUE(CreateHolderFile(Options()).ok());
  auto first = Open();
  const absl::Status second = OpenFileHolder(Options()).status();
  EXPECT_EQ(ReasonOf(second), Reason::kHolderUnreachable);
  EXPECT_NE(second.message().find("in use"), std::string::npos);

  first = nullptr;
  EXPECT_TRUE(OpenFileHolder(Options()).ok());
}

TEST_F(FileHolderTest, AFileThatWasCutShortIsRefused) {
  std::ofstream(Options().path) << "short";
  EXPECT_TRUE(absl::IsDataLoss(OpenFileHolder(Options()).status()));
}

TEST_F(FileHolderTest, DevelopmentModeIsUnverifiedAndSaysWhy) {
  ASSERT_TRUE(CreateHolderFile(Options()).ok());
  std::string why;
  EXPECT_EQ(Open()->CheckAssurance(&why), Assurance::kUnverified);
  EXPECT_NE(why, "");
}

TEST_F(FileHolderTest, ATornSlotShowsAsTorn) {
  ASSERT_TRUE(CreateHolderFile(Options()).ok());
  ASSERT_TRUE(Open()->WriteSlot(1, ContentOf(1, 1)).ok());
  std::fstream file(Options().path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(kSlotDistanceBytes + 100);
  file << "torn";
  file.close();
  EXPECT_EQ((*Open()->ReadSlots())[1].state, Slot::State::kTorn);
}

// Over a file in memory: what happens when the disk does not do as told.
class SlotHolderTest : public testing::Test {
 protected:
  std::shared_ptr<SlotDisk> disk_ = std::make_shared<SlotDisk>();
  std::unique_ptr<Holder> holder_ = HolderOn(disk_);
};

TEST_F(SlotHolderTest, AWriteTouchesItsOwnSlotOnly) {
  ASSERT_TRUE(holder_->WriteSlot(0, ContentOf(1, 1)).ok());
  const std::string before = disk_->bytes;
  ASSERT_TRUE(holder_->WriteSlot(1, ContentOf(2, 2)).ok());
  EXPECT_EQ(disk_->bytes.substr(0, kSlotDistanceBytes), before.substr(0, kSlotDistanceBytes));
  ASSERT_TRUE(holder_->DestroySlot(1).ok());
  EXPECT_EQ(disk_->bytes, before);
  EXPECT_EQ(disk_->syncs, 3);
}

TEST_F(SlotHolderTest, ASilentDiskIsUnavailable) {
  disk_->before_read = [] { return absl::InternalError("injected"); };
  EXPECT_EQ(ReasonOf(holder_->ReadSlots().status()), Reason::kHolderUnreachable);
}

TEST_F(SlotHolderTest, AFailedWriteOrReadBackIsReported) {
  disk_->before_write = [] { return absl::InternalError("injected"); };
  EXPECT_EQ(ReasonOf(holder_->WriteSlot(0, ContentOf(1, 1))), Reason::kInternal);
  EXPECT_EQ(ReasonOf(holder_->DestroySlot(0)), Reason::kInternal);
  disk_->before_write = [] { return absl::OkStatus(); };
  disk_->before_read = [] { return absl::InternalError("injected"); };
  EXPECT_EQ(ReasonOf(holder_->WriteSlot(0, ContentOf(1, 1))), Reason::kInternal);
}

// Says that it wrote, and did not; or wrote one bit wrong.
class LyingSlotFile final : public SlotFile {
 public:
  LyingSlotFile(std::shared_ptr<SlotDisk> disk, bool drops, std::vector<std::string>* calls)
      : below_(disk), disk_(std::move(disk)), drops_(drops), calls_(calls) {}

  absl::Status Write(std::uint64_t offset, Bytes bytes) override {
    calls_->push_back("write");
    if (drops_) return absl::OkStatus();
    const absl::Status status = below_.Write(offset, bytes);
    disk_->bytes[offset + 2'000] ^= 1;
    return status;
  }
  absl::Status Sync() override {
    calls_->push_back("sync");
    return below_.Sync();
  }
  absl::Status ReadPastCache(std::uint64_t offset, MutableBytes out) override {
    calls_->push_back("read");
    return below_.ReadPastCache(offset, out);
  }

 private:
  MemorySlotFile below_;
  const std::shared_ptr<SlotDisk> disk_;
  const bool drops_;
  std::vector<std::string>* const calls_;
};

TEST_F(SlotHolderTest, ADiskThatLiesIsFoundOutByReadingBackAfterTheSync) {
  for (const bool drops : {true, false}) {
    std::vector<std::string> calls;
    auto disk = std::make_shared<SlotDisk>();
    ASSERT_TRUE(HolderOn(disk)->WriteSlot(0, ContentOf(1, 1)).ok());  // The control.
    const auto holder = NewHolderOn(std::make_unique<LyingSlotFile>(disk, drops, &calls), "file-1",
                                    Assurance::kTest);
    EXPECT_EQ(ReasonOf(holder->WriteSlot(0, ContentOf(2, 2))), Reason::kInternal);
    EXPECT_EQ(ReasonOf(holder->DestroySlot(0)), Reason::kInternal);
    const std::vector<std::string> wanted = {"write", "sync", "read", "write", "sync", "read"};
    EXPECT_EQ(calls, wanted);
  }
}

TEST_F(SlotHolderTest, HasTheNameAndAssuranceItWasGiven) {
  std::string why = "old";
  EXPECT_EQ(holder_->name(), "file-1");
  EXPECT_EQ(holder_->CheckAssurance(&why), Assurance::kTest);
  EXPECT_EQ(why, "");
}

}  // namespace
}  // namespace lethe::vault::holders
