#include "vault/journal/journal.h"

#include <set>
#include <thread>
#include <vector>

#include "base/reason.h"
#include "gmock/gmock.h"
#include "storage/batch.h"
#include "tests/support/temp_dir.h"
#include "tests/vault/journal/journal_fixture.h"

namespace lethe::vault {
namespace {

using test::JournalTest;

TEST_F(JournalTest, ACommitWritesItsChangeAndItsEventsUnderOnePosition) {
  clock_.Advance(absl::Seconds(5));
  audit::Event event;
  event.method = audit::Method::kCreateRecord;
  const auto committed = journal_->Commit({event, event}, Row("a"), Durability::kSynced);

  ASSERT_TRUE(committed.ok());
  EXPECT_EQ(committed->sequence, 2u);
  EXPECT_EQ(journal_->sequence(), 2u);
  EXPECT_EQ(journal_->engine().Position(), 2u);
  EXPECT_TRUE(Has("a"));
  for (std::uint64_t sequence = 1; sequence <= 2; ++sequence) {
    const auto row = journal_->engine().Get(table::kEvent, row_key::Sequence(sequence));
    ASSERT_TRUE(row.ok());
    const auto found = audit::DecodeEvent(AsBytes(*row));
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->sequence, sequence);
    EXPECT_EQ(found->time, clock_.Now());
    EXPECT_EQ(found->event.method, audit::Method::kCreateRecord);
  }
}

TEST_F(JournalTest, EqualEventsGetRowsOfTheirOwnSalt) {
  ASSERT_TRUE(journal_->Commit(Events(2), {}, Durability::kSynced).ok());
  const auto rows = journal_->engine().Scan(table::kEvent, {}, 10);
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_NE((*rows)[0].value.substr((*rows)[0].value.size() - 16),
            (*rows)[1].value.substr((*rows)[1].value.size() - 16));
}

TEST_F(JournalTest, ACommitSaysWhereItsBytesLieInTheArchive) {
  ASSERT_TRUE(Commit(Row("a")).ok());
  const auto committed = Commit(Row("b", "the value of b"));

  const auto frame = journal_->archive()->ReadBack(committed->frame);
  ASSERT_TRUE(frame.ok());
  EXPECT_EQ(frame->first_sequence, 2u);
  EXPECT_EQ(frame->last_sequence, 2u);
  const auto batch = storage::Batch::Decode(AsBytes(frame->batch));
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->operations().back().key, "b");
  EXPECT_EQ(batch->operations().back().value, "the value of b");
  EXPECT_EQ(batch->operations().size(), 2u);  // The row and its event.
}

TEST_F(JournalTest, AFailedPreconditionChangesNothingAndTakesNoNumber) {
  ASSERT_TRUE(Commit(Row("a", "old")).ok());
  const auto image = folder_->Image();
  storage::Batch change = Row("a", "new");
  change.ExpectAbsent(table::kMeta, "a");

  const auto refused = Commit(std::move(change));

  EXPECT_EQ(ReasonOf(refused.status()), Reason::kConcurrentChange);
  EXPECT_TRUE(absl::IsAborted(refused.status()));
  EXPECT_EQ(*journal_->engine().Get(table::kMeta, "a"), "old");
  EXPECT_EQ(folder_->Image(), image);
  EXPECT_EQ(Commit(Row("b"))->sequence, 2u);
}

TEST_F(JournalTest, WhatIsSyncedInTheEngineWasSyncedInTheArchiveBefore) {
  int checked = 0;
  engine_->before_write = [&] {
    absl::MutexLock lock(&folder_->mutex);
    const auto& file = folder_->files.begin()->second;
    EXPECT_EQ(file.synced_bytes, file.bytes.size());
    ++checked;
    return absl::OkStatus();
  };
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Commit(Row(std::to_string(i))).ok());
  EXPECT_EQ(checked, 5);
}

TEST_F(JournalTest, AWrittenCommitSyncsNothing) {
  ASSERT_TRUE(Commit(Row("a")).ok());
  const int syncs = folder_->SyncCount();

  ASSERT_TRUE(Commit(Row("b"), Durability::kWritten).ok());

  EXPECT_EQ(folder_->SyncCount(), syncs);
  EXPECT_EQ(engine_->Writes().back().durability, Durability::kWritten);
  EXPECT_EQ(CountRows(table::kUnsynced), 1u);
}

TEST_F(JournalTest, TheNextSyncedCommitCoversTheWrittenOnes) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(Commit(Row(std::to_string(i)), Durability::kWritten).ok());
  }
  EXPECT_EQ(CountRows(table::kUnsynced), 3u);
  ASSERT_TRUE(Commit(Row("synced")).ok());

  EXPECT_EQ(CountRows(table::kUnsynced), 0u);
  folder_->LosePower();
  EXPECT_EQ((*OpenArchive())->last_sequence(), 4u);
}

TEST_F(JournalTest, ALongRunOfWrittenCommitsIsSyncedUnasked) {
  for (int i = 0; i < 600; ++i) {
    ASSERT_TRUE(Commit(Row(std::to_string(i)), Durability::kWritten).ok());
    ASSERT_LE(CountRows(table::kUnsynced), 256u);
  }
  EXPECT_GT(CountRows(table::kUnsynced), 0u);
}

TEST_F(JournalTest, AChangeLargerThanAFrameIsRefused) {
  storage::Batch change;
  change.Put(table::kMeta, "large", std::string(archive::Archive::kFrameBytesMax, 'x'));
  EXPECT_EQ(ReasonOf(Commit(std::move(change)).status()), Reason::kTooMany);
  EXPECT_TRUE(Commit(Row("a")).ok());
}

TEST_F(JournalTest, AFailedEngineWriteSealsTheJournal) {
  engine_->before_write = [] { return absl::InternalError("injected"); };
  EXPECT_EQ(ReasonOf(Commit(Row("a")).status()), Reason::kInternal);
  engine_->before_write = [] { return absl::OkStatus(); };

  EXPECT_TRUE(journal_->sealed());
  EXPECT_EQ(ReasonOf(Commit(Row("b")).status()), Reason::kSealed);
  EXPECT_EQ(ReasonOf(journal_->Copy().status()), Reason::kSealed);
  EXPECT_EQ(journal_->sequence(), 0u);
}

// Nothing of the vault's own failed, and every write from now on would: an end, not a server that
// answers INTERNAL for ever.
TEST_F(JournalTest, AFailureOfTheEngineInTheBackgroundSealsTheJournalBeforeAnythingIsWritten) {
  const auto image = folder_->Image();
  engine_->background = Refuse(Reason::kInternal, "injected");
  EXPECT_EQ(ReasonOf(Commit(Row("a")).status()), Reason::kInternal);
  EXPECT_TRUE(journal_->sealed());
  EXPECT_EQ(folder_->Image(), image);
  EXPECT_TRUE(engine_->Writes().empty());
}

TEST_F(JournalTest, AFailedArchiveWriteOrSyncSealsTheJournalAndLeavesTheEngineAlone) {
  for (auto* hook : {&folder_->before_append, &folder_->before_sync}) {
    ASSERT_TRUE(Start().ok());
    const std::size_t writes = engine_->Writes().size();
    *hook = [] { return absl::InternalError("injected"); };
    EXPECT_EQ(ReasonOf(Commit(Row("a")).status()), Reason::kInternal);
    *hook = [] { return absl::OkStatus(); };

    EXPECT_EQ(ReasonOf(Commit(Row("b")).status()), Reason::kSealed);
    EXPECT_EQ(engine_->Writes().size(), writes);
  }
}

TEST_F(JournalTest, ACopyHoldsWhatWasWrittenAndTheArchiveHoldsItSynced) {
  ASSERT_TRUE(Commit(Row("a"), Durability::kWritten).ok());
  const auto copied = journal_->Copy();
  ASSERT_TRUE(copied.ok());
  EXPECT_EQ(copied->sequence, 1u);
  {
    absl::MutexLock lock(&folder_->mutex);
    const auto& file = folder_->files.begin()->second;
    EXPECT_EQ(file.synced_bytes, file.bytes.size());
  }
  ASSERT_TRUE(Commit(Row("b")).ok());

  const auto copy = test::RestoreMemoryEngine(*copied->copy, AllTables());
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ((*copy)->Position(), 1u);
  EXPECT_TRUE((*copy)->Get(table::kMeta, "a").ok());
  EXPECT_FALSE((*copy)->Get(table::kMeta, "b").ok());
}

TEST_F(JournalTest, WithoutAnArchiveItCommitsToTheEngineAlone) {
  auto engine = std::make_shared<test::EngineDisk>();
  auto journal =
      Journal::Open(std::make_unique<test::WatchedEngine>(engine), nullptr, clock_, random_);
  ASSERT_TRUE(journal.ok());
  const auto committed = (*journal)->Commit(Events(), Row("a"), Durability::kWritten);
  ASSERT_TRUE(committed.ok());
  EXPECT_EQ(committed->frame.offset, 0u);
  EXPECT_EQ((*journal)->archive(), nullptr);
  EXPECT_EQ(engine->engine->Scan(table::kUnsynced, {}, 10)->size(), 0u);
}

TEST_F(JournalTest, ACommitWithoutAnEventIsABug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // The writing thread does not survive a fork.
  EXPECT_DEATH((void)journal_->Commit({}, Row("a"), Durability::kSynced), "events");
}

TEST_F(JournalTest, SixtyFourThreadsLeaveEveryCommitOnceAndNoGapInTheNumbers) {
  constexpr int kThreads = 64;
  constexpr int kCommits = 20;
  std::vector<std::vector<std::uint64_t>> sequences(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCommits; ++i) {
        storage::Batch change = Row(std::to_string(t) + "." + std::to_string(i));
        change.ExpectAbsent(table::kMeta, std::to_string(t) + "." + std::to_string(i));
        const auto done =
            Commit(std::move(change), i % 3 == 0 ? Durability::kWritten : Durability::kSynced);
        ASSERT_TRUE(done.ok()) << done.status();
        sequences[t].push_back(done->sequence);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::set<std::uint64_t> all;
  for (const auto& own : sequences) {
    EXPECT_TRUE(std::is_sorted(own.begin(), own.end()));
    all.insert(own.begin(), own.end());
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kThreads * kCommits));
  EXPECT_EQ(*all.rbegin(), static_cast<std::uint64_t>(kThreads * kCommits));
  EXPECT_EQ(CountRows(table::kMeta), static_cast<std::size_t>(kThreads * kCommits));
  EXPECT_EQ(CountRows(table::kEvent), static_cast<std::size_t>(kThreads * kCommits));
  EXPECT_EQ(journal_->archive()->last_sequence(), journal_->engine().Position());
}

}  // namespace
}  // namespace lethe::vault
