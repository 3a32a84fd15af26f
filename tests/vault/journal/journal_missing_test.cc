// What a journal does while its archive or its database is not at its path: it changes nothing,
// tells of reads, and goes on by itself when it is back.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/reason.h"
#include "tests/vault/journal/journal_fixture.h"
#include "vault/journal/admission.h"
#include "vault/journal/unsynced_frames.h"

namespace lethe::vault {
namespace {

class JournalMissingTest : public test::JournalTest {
 protected:
  absl::Status Change(const std::string& key, storage::Room room = storage::Room::kReserve) {
    return journal_->Commit(Events(), Row(key), Durability::kSynced, room).status();
  }
  absl::Status Tell(Durability durability = Durability::kSynced) {
    return journal_->Commit(Events(), {}, durability, storage::Room::kReserve).status();
  }
  std::uint64_t ArchivedThrough() { return (*OpenArchive())->last_sequence(); }
};

TEST_F(JournalMissingTest, AChangeIsRefusedBeforeAnythingIsWritten) {
  ASSERT_TRUE(Change("a").ok());
  const auto image = folder_->Image();
  folder_->there = false;
  for (const auto room : {storage::Room::kSpare, storage::Room::kReserve}) {
    EXPECT_EQ(ReasonOf(Change("b", room)), Reason::kArchiveMissing);
  }
  EXPECT_EQ(ReasonOf(journal_->Copy().status()), Reason::kArchiveMissing);
  EXPECT_EQ(ReasonOf(journal_->CheckArchive()), Reason::kArchiveMissing);
  EXPECT_EQ(folder_->Image(), image);
  EXPECT_EQ(engine_->Writes().size(), 1u);
  EXPECT_FALSE(journal_->sealed());

  folder_->there = true;
  EXPECT_EQ(journal_->CheckArchive(), absl::OkStatus());
  EXPECT_TRUE(Change("c").ok());
  EXPECT_EQ(journal_->sequence(), 2u);
  EXPECT_TRUE(journal_->Copy().ok());
}

TEST_F(JournalMissingTest, NothingIsPromisedThatTheNextStartDoesNotFindInTheDatabase) {
  ASSERT_TRUE(Change("a").ok());
  engine_->there = absl::FailedPreconditionError("injected");
  for (const auto room : {storage::Room::kSpare, storage::Room::kReserve}) {
    EXPECT_EQ(ReasonOf(Change("b", room)), Reason::kDatabaseMissing);
  }
  EXPECT_EQ(ReasonOf(journal_->Copy().status()), Reason::kDatabaseMissing);
  EXPECT_EQ(ReasonOf(journal_->CheckDatabase()), Reason::kDatabaseMissing);
  EXPECT_EQ(engine_->Writes().size(), 1u);
  EXPECT_EQ(ArchivedThrough(), 1u);

  // The archive has what only tells, and the end of what cannot be taken back.
  EXPECT_TRUE(Tell().ok());
  EXPECT_TRUE(Change("end", storage::Room::kLast).ok());
  EXPECT_EQ(ArchivedThrough(), 3u);
  // Nowhere would be no place for either.
  folder_->there = false;
  EXPECT_EQ(ReasonOf(Tell()), Reason::kDatabaseMissing);
  folder_->there = true;
  PendingCommit event;
  const absl::Status gone = Refuse(Reason::kDatabaseMissing, "injected");
  EXPECT_TRUE(Admit({&event}, {*engine_->engine, nullptr, {}, gone, true}).empty());
  EXPECT_FALSE(journal_->sealed());

  engine_->there = absl::OkStatus();
  EXPECT_TRUE(Change("c").ok());
  EXPECT_TRUE(journal_->Copy().ok());
}

TEST_F(JournalMissingTest, WhatOnlyTellsGoesOnAndIsBroughtWhenTheArchiveIsBack) {
  ASSERT_TRUE(Change("a").ok());
  folder_->there = false;
  EXPECT_TRUE(Tell().ok());
  EXPECT_TRUE(Tell(Durability::kWritten).ok());
  EXPECT_TRUE(Change("end", storage::Room::kLast).ok());
  EXPECT_EQ(journal_->sequence(), 4u);
  EXPECT_EQ(ArchivedThrough(), 1u);
  EXPECT_EQ(CountRows(table::kUnsynced), 3u);

  folder_->there = true;
  ASSERT_TRUE(Change("b").ok());
  EXPECT_EQ(ArchivedThrough(), 5u);
  EXPECT_EQ(CountRows(table::kUnsynced), 0u);
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(journal_->archive()->last_sequence(), 5u);
}

TEST_F(JournalMissingTest, WhatWasToldIsBroughtByTheNextStartToo) {
  ASSERT_TRUE(Change("a").ok());
  folder_->there = false;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Tell().ok());
  journal_ = nullptr;
  engine_->LosePower();
  folder_->LosePower();
  folder_->there = true;
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(ArchivedThrough(), 4u);
  ASSERT_TRUE(Change("b").ok());
  EXPECT_EQ(CountRows(table::kUnsynced), 0u);
}

// What was never synced in the archive before it went is kept as it always was.
TEST_F(JournalMissingTest, FramesFromBeforeAndAfterFollowEachOther) {
  ASSERT_TRUE(Tell(Durability::kWritten).ok());
  folder_->there = false;
  ASSERT_TRUE(Tell(Durability::kWritten).ok());
  ASSERT_TRUE(Tell().ok());
  folder_->there = true;
  journal_ = nullptr;
  folder_->LosePower();
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(ArchivedThrough(), 3u);
}

TEST_F(JournalMissingTest, AGroupOfBothLosesNothingOfTheOneForTheOther) {
  folder_->there = false;
  std::vector<std::thread> threads;
  std::atomic<int> told = 0;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      if (i % 2 == 0) {
        told += Tell().ok() ? 1 : 0;
      } else {
        refused += ReasonOf(Change(std::to_string(i))) == Reason::kArchiveMissing ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(told, 8);
  EXPECT_EQ(refused, 8);
  EXPECT_EQ(journal_->sequence(), 8u);
}

TEST_F(JournalMissingTest, WhatWaitsInTheEngineIsBounded) {
  const std::string batch(16u << 20, 'b');
  UnsyncedFrames frames;
  std::uint64_t kept = 0;
  while (!frames.full_without_archive() && kept < 100) {
    ++kept;
    storage::Batch change;
    frames.Keep({kept, kept, batch}, {}, change);
  }
  EXPECT_EQ(kept, UnsyncedFrames::kBytesWithoutArchiveMax / batch.size());

  const absl::Status gone = Refuse(Reason::kArchiveMissing, "injected");
  PendingCommit event;
  PendingCommit end;
  end.change = Row("end");
  end.room = storage::Room::kLast;
  for (const bool room_left : {true, false}) {
    const auto admitted = Admit({&event, &end}, {*engine_->engine, nullptr, gone, {}, room_left});
    EXPECT_EQ(admitted.size(), room_left ? 2u : 1u);
    EXPECT_EQ(admitted.back(), &end);
    EXPECT_EQ(event.done.HasBeenNotified(), !room_left);
  }
  EXPECT_EQ(ReasonOf(event.result.status()), Reason::kArchiveMissing);
}

TEST_F(JournalMissingTest, AWriteThatFailsWhileItIsBroughtSeals) {
  folder_->there = false;
  ASSERT_TRUE(Tell().ok());
  folder_->there = true;
  folder_->before_append = [] { return absl::InternalError("injected"); };
  EXPECT_EQ(ReasonOf(Tell()), Reason::kInternal);
  EXPECT_TRUE(journal_->sealed());
}

}  // namespace
}  // namespace lethe::vault
