// What a journal makes of an engine and an archive that a crash left apart.
#include "vault/journal/journal_level.h"

#include <string>
#include <vector>

#include "base/codec.h"
#include "base/reason.h"
#include "tests/vault/journal/journal_fixture.h"
#include "vault/archive/segment.h"
#include "vault/journal/unsynced_frames.h"

namespace lethe::vault {
namespace {

using test::EngineDisk;
using test::JournalTest;

class JournalLevelTest : public JournalTest {
 protected:
  void CommitMany(int count, Durability durability, const std::string& prefix) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(Commit(Row(prefix + std::to_string(i)), durability).ok());
    }
  }
  std::vector<storage::Row> Rows(storage::TableId table) {
    return *engine_->engine->Scan(table, {}, storage::Reader::kScanRowsMax);
  }
  std::vector<std::string> KeysAndValues() {
    std::vector<std::string> all;
    for (const auto& table : {table::kMeta, table::kEvent}) {
      for (const storage::Row& row : Rows(table)) all.push_back(row.key + "=" + row.value);
    }
    return all;
  }
  // A gap: refused, and neither side has changed.
  void ExpectRefusedUnchanged() {
    const auto image = folder_->Image();
    const std::size_t writes = engine_->Writes().size();
    EXPECT_EQ(ReasonOf(Start()), Reason::kChainBroken);
    EXPECT_EQ(folder_->Image(), image);
    EXPECT_EQ(engine_->Writes().size(), writes);
  }
};

TEST_F(JournalLevelTest, ARestartChangesNoRowAndNoFrame) {
  CommitMany(5, Durability::kSynced, "s");
  const auto rows = KeysAndValues();
  const auto image = folder_->Image();

  ASSERT_TRUE(Start().ok());

  EXPECT_EQ(KeysAndValues(), rows);
  EXPECT_EQ(folder_->Image(), image);
  EXPECT_EQ(journal_->sequence(), 5u);
  EXPECT_EQ(Commit(Row("next"))->sequence, 6u);
}

TEST_F(JournalLevelTest, ANewEngineGetsEverythingFromTheArchive) {
  CommitMany(5, Durability::kSynced, "s");
  CommitMany(2, Durability::kWritten, "w");
  CommitMany(1, Durability::kSynced, "t");
  const auto rows = KeysAndValues();

  journal_ = nullptr;
  engine_ = std::make_shared<EngineDisk>();
  ASSERT_TRUE(Start().ok());

  EXPECT_EQ(KeysAndValues(), rows);
  EXPECT_EQ(journal_->sequence(), 8u);
  EXPECT_EQ(engine_->Writes().back().durability, Durability::kSynced);
}

TEST_F(JournalLevelTest, AnEngineThatMissedTheLastWriteGetsIt) {
  CommitMany(2, Durability::kSynced, "s");
  engine_->before_write = [] { return absl::InternalError("killed here"); };
  EXPECT_FALSE(Commit(Row("in the archive only")).ok());
  engine_->before_write = [] { return absl::OkStatus(); };

  ASSERT_TRUE(Start().ok());
  EXPECT_TRUE(Has("in the archive only"));
  EXPECT_EQ(journal_->sequence(), 3u);
}

// The surplus may be in the archive's page cache only: it is synced there before the engine syncs
// it.
TEST_F(JournalLevelTest, SurplusIsSyncedInTheArchiveBeforeTheEngineHoldsIt) {
  CommitMany(1, Durability::kSynced, "s");
  CommitMany(2, Durability::kWritten, "w");
  journal_ = nullptr;
  engine_->LosePower();  // Of the engine's volume alone.
  engine_->before_write = [this] {
    absl::MutexLock lock(&folder_->mutex);
    EXPECT_EQ(folder_->files.begin()->second.synced_bytes,
              folder_->files.begin()->second.bytes.size());
    return absl::OkStatus();
  };
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(journal_->sequence(), 3u);
}

TEST_F(JournalLevelTest, WrittenFramesThatTheArchiveLostComeBackFromTheEngine) {
  CommitMany(3, Durability::kSynced, "s");
  CommitMany(4, Durability::kWritten, "w");
  const crypto::Digest chain = journal_->archive()->chain();
  journal_ = nullptr;
  folder_->LosePower();
  ASSERT_EQ((*OpenArchive())->last_sequence(), 3u);

  ASSERT_TRUE(Start().ok());

  EXPECT_EQ(journal_->archive()->last_sequence(), 7u);
  EXPECT_EQ(journal_->archive()->chain(), chain);
  EXPECT_EQ(Commit(Row("next"))->sequence, 8u);
  EXPECT_EQ(CountRows(table::kUnsynced), 0u);
}

TEST_F(JournalLevelTest, APartOfThemComesBackToo) {
  CommitMany(1, Durability::kSynced, "s");
  CommitMany(2, Durability::kWritten, "w");
  {
    absl::MutexLock lock(&folder_->mutex);
    auto& file = folder_->files.begin()->second;
    file.synced_bytes = file.bytes.size();  // The kernel wrote so much back by itself.
  }
  CommitMany(2, Durability::kWritten, "x");
  journal_ = nullptr;
  folder_->LosePower();
  ASSERT_EQ((*OpenArchive())->last_sequence(), 3u);

  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(journal_->archive()->last_sequence(), 5u);
}

TEST_F(JournalLevelTest, APowerCutOfBothLosesWrittenCommitsInOrderAndNothingElse) {
  CommitMany(2, Durability::kSynced, "s");
  CommitMany(3, Durability::kWritten, "w");
  journal_ = nullptr;
  folder_->LosePower();
  engine_->LosePower();

  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(journal_->sequence(), 2u);
  EXPECT_EQ(Commit(Row("next"))->sequence, 3u);
}

TEST_F(JournalLevelTest, ACrashOfTheProcessLosesNothing) {
  CommitMany(2, Durability::kSynced, "s");
  CommitMany(3, Durability::kWritten, "w");
  ASSERT_TRUE(Start().ok());

  EXPECT_EQ(journal_->sequence(), 5u);
  ASSERT_TRUE(Commit(Row("synced")).ok());
  EXPECT_EQ(CountRows(table::kUnsynced), 0u);  // Rows of the former process are cleared too.
}

TEST_F(JournalLevelTest, AnArchiveThatLostSyncedFramesIsRefused) {
  CommitMany(3, Durability::kSynced, "s");
  CommitMany(2, Durability::kWritten, "w");
  journal_ = nullptr;
  folder_->files.begin()->second.bytes.resize(folder_->files.begin()->second.bytes.size() / 2);
  ExpectRefusedUnchanged();
}

TEST_F(JournalLevelTest, AnArchiveBehindAnEngineThatKeptNothingForItIsRefused) {
  CommitMany(3, Durability::kSynced, "s");
  journal_ = nullptr;
  folder_->files.begin()->second.bytes.resize(folder_->files.begin()->second.bytes.size() - 1);
  ExpectRefusedUnchanged();
}

TEST_F(JournalLevelTest, AGapInTheUnsyncedRowsIsRefused) {
  CommitMany(1, Durability::kSynced, "s");
  CommitMany(3, Durability::kWritten, "w");
  journal_ = nullptr;
  folder_->LosePower();
  storage::Batch hole;
  hole.Delete(table::kUnsynced, row_key::Sequence(3));
  // At the same position nothing is applied, so the hole is made with the last one's write.
  engine_->writes.back().batch.Append(hole);
  engine_->engine = test::NewMemoryEngine(AllTables());
  for (const auto& write : engine_->writes) {
    ASSERT_TRUE(engine_->engine->Write(write.batch, write.position, write.durability).ok());
  }
  ExpectRefusedUnchanged();
}

TEST_F(JournalLevelTest, UnsyncedRowsOfAnotherHistoryAreRefused) {
  CommitMany(1, Durability::kSynced, "s");
  CommitMany(1, Durability::kWritten, "w");
  journal_ = nullptr;
  engine_->writes.clear();
  // Another vault's archive of the same length: the rows do not continue its chain.
  auto other_engine = std::exchange(engine_, std::make_shared<EngineDisk>());
  folder_ = std::make_shared<test::FolderDisk>();
  test::MemoryFolder folder(folder_);
  ASSERT_TRUE(archive::Archive::Create(folder, VaultId()).ok());
  ASSERT_TRUE(Start().ok());
  CommitMany(1, Durability::kSynced, "o");
  journal_ = nullptr;
  engine_ = other_engine;
  ExpectRefusedUnchanged();
}

TEST_F(JournalLevelTest, AnArchiveThatBeginsAfterTheEnginesEndIsRefused) {
  CommitMany(2, Durability::kSynced, "s");
  journal_ = nullptr;
  // Segments up to here were dropped, and then an engine of before is put beside the rest.
  const crypto::Digest chain = (*OpenArchive())->chain();
  folder_->files.clear();
  folder_->files[archive::SegmentName(3)].bytes = archive::EncodeSegmentHeader(
      {.vault = VaultId(), .first_sequence = 3, .previous_segment = 1, .chain_before = chain});
  ASSERT_TRUE(Start().ok());
  CommitMany(2, Durability::kSynced, "t");
  journal_ = nullptr;
  engine_ = std::make_shared<EngineDisk>();
  ExpectRefusedUnchanged();
}

TEST_F(JournalLevelTest, AnEngineThatEndsInsideAFrameIsRefused) {
  ASSERT_TRUE(journal_->Commit(Events(3), Row("a"), Durability::kSynced).ok());
  journal_ = nullptr;
  engine_ = std::make_shared<EngineDisk>();
  ASSERT_TRUE(engine_->engine->Write(Row("b"), 2, Durability::kSynced).ok());
  ExpectRefusedUnchanged();
}

TEST_F(JournalLevelTest, ASurplusThatIsNoBatchIsRefused) {
  journal_ = nullptr;
  auto archive = OpenArchive();
  ASSERT_TRUE((*archive)->Append({1, 1, "no batch"}).ok());
  ASSERT_TRUE((*archive)->Sync().ok());
  EXPECT_TRUE(absl::IsDataLoss(Start()));
  EXPECT_EQ(engine_->Writes().size(), 0u);
}

}  // namespace
}  // namespace lethe::vault
