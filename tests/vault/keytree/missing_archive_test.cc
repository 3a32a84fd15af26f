// Shreds while the archive is not at its path: refused before anything is written, or unresolved
// where it went in the middle; never a seal.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include "base/reason.h"
#include "tests/vault/archive/blind_folder.h"
#include "tests/vault/keytree/tree_fixture.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

class MissingArchiveShredTest : public TreeFixture {
 protected:
  void TakeAway() { fs::rename(dir_ / "archive", dir_ / "away"); }
  void PutBack() { fs::rename(dir_ / "away", dir_ / "archive"); }

  // As today's vault would be that never looks at the path.
  absl::Status ReopenBlind() {
    Close();
    auto engine =
        storage::OpenRocksEngine({.path = dir_ / "db", .file_system = {}}, vault::AllTables());
    if (!engine.ok()) return engine.status();
    auto archive = vault::archive::Archive::Open(
        std::make_unique<BlindFolder>(*vault::archive::OpenPosixFolder(dir_ / "archive")), vault_);
    if (!archive.ok()) return archive.status();
    auto journal = vault::Journal::Open(*std::move(engine), *std::move(archive), clock_, random_);
    if (!journal.ok()) return journal.status();
    journal_ = *std::move(journal);
    return OpenTree();
  }
};

TEST_F(MissingArchiveShredTest, IsRefusedWithNothingChangedAndGoesOnWhenItIsBack) {
  const Place place = Add();
  const std::uint64_t generation = tree_->Status().generation;
  const std::uint64_t sequence = journal_->sequence();
  TakeAway();
  EXPECT_EQ(ReasonOf(tree_->Shred({{place}, {}, {}, {}}).status()), Reason::kArchiveMissing);
  EXPECT_EQ(ReasonOf(tree_->Rotate({})), Reason::kArchiveMissing);
  EXPECT_TRUE(tree_->Unwrap(place).ok()) << "it lives on";
  EXPECT_EQ(journal_->sequence(), sequence);
  EXPECT_EQ(tree_->Status().generation, generation);
  EXPECT_FALSE(tree_->Status().sealed);

  PutBack();
  EXPECT_TRUE(Shred({place}).ok());
  EXPECT_TRUE(absl::IsNotFound(tree_->Unwrap(place).status()));
  EXPECT_TRUE(Reopen().ok());
}

// A holder that moved with no trace of it in the log would be worse than one that waits.
TEST_F(MissingArchiveShredTest, NoHolderRejoinsBeforeThatCanBeWrittenDown) {
  disks_[0]->at_path = std::make_shared<SlotDisk>();
  disks_[0]->moved = true;
  TakeAway();
  EXPECT_EQ(ReasonOf(tree_->RejoinHolder("file-1", {})), Reason::kArchiveMissing);
  EXPECT_EQ(disks_[0]->at_path->bytes.find_first_not_of('\0'), std::string::npos);
  PutBack();
  fs::rename(dir_ / "db", dir_ / "away");
  EXPECT_EQ(ReasonOf(tree_->RejoinHolder("file-1", {})), Reason::kDatabaseMissing);
  EXPECT_EQ(disks_[0]->at_path->bytes.find_first_not_of('\0'), std::string::npos);
  fs::rename(dir_ / "away", dir_ / "db");
  EXPECT_TRUE(tree_->RejoinHolder("file-1", {}).ok());
  EXPECT_TRUE(Shred({Add()}).ok());
}

TEST_F(MissingArchiveShredTest, ThatWasPreparedIsFinishedWhenItIsBack) {
  const Place place = Add();
  const Place kept = Add();
  // Between PREPARED and the reading back: the slot of the new root is being written.
  std::atomic<bool> once = true;
  disks_[0]->before_write = [&] {
    if (once.exchange(false)) TakeAway();
    return absl::OkStatus();
  };
  auto shred = std::async(std::launch::async, [&] { return Shred({place}).status(); });
  while (!tree_->Status().attempt_unresolved) std::this_thread::yield();
  EXPECT_NE(tree_->Status().unresolved_why.find("archive"), std::string::npos);
  EXPECT_FALSE(tree_->Status().sealed);
  PutBack();
  EXPECT_EQ(shred.get(), absl::OkStatus());
  EXPECT_TRUE(absl::IsNotFound(tree_->Unwrap(place).status()));
  EXPECT_TRUE(Reopen().ok());
  EXPECT_TRUE(tree_->Unwrap(kept).ok());
}

// The control.
TEST_F(MissingArchiveShredTest, WithoutTheLookItSealsAndTheVaultIsNotOpenedAgain) {
  const Place place = Add();
  ASSERT_TRUE(ReopenBlind().ok());
  fs::remove_all(dir_ / "archive");
  EXPECT_FALSE(Shred({place}).ok());
  EXPECT_TRUE(tree_->Status().sealed);
  EXPECT_FALSE(Reopen().ok());
}

}  // namespace
}  // namespace lethe::test
