// Power cuts at every event of one recorded run. Whatever the cut does to unsynced writes, the
// folder opens, holds exactly the batches up to some position, whole, and that position is at least
// the last one that was acknowledged as durable.
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/check.h"
#include "gtest/gtest.h"
#include "storage/rocks_engine.h"
#include "tests/storage/test_tables.h"
#include "tests/support/disk_state.h"
#include "tests/support/recording_file_system.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unsynced_file_system.h"

namespace lethe::storage {
namespace {

using test::Crash;
using test::DiskEvent;
using test::DiskState;
using test::Unsynced;

constexpr std::uint64_t kBatches = 24;

// Batch `position` of the run. It writes both tables, replaces a row of the batch before it, and
// deletes one, so that a state between two batches would show.
Batch BatchAt(std::uint64_t position) {
  Batch batch;
  const std::string text = std::to_string(position);
  batch.Put(kRows, "last", text);
  batch.Put(kOther, "last", text);
  batch.Put(kRows, "key" + text, std::string(100 * (position % 7), 'v'));
  if (position > 3) batch.Delete(kRows, "key" + std::to_string(position - 3));
  return batch;
}

// Every third batch is only written, and therefore safe from power cuts with the next synced one.
Durability DurabilityAt(std::uint64_t position) {
  return position % 3 == 1 ? Durability::kWritten : Durability::kSynced;
}

struct Acknowledged {
  std::size_t events;  // In the log when the answer came.
  std::uint64_t position;
  Durability durability;
};

class RocksCrashTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    run_ = new Run;
    run_->Perform();
  }
  static void TearDownTestSuite() {
    delete run_;
    run_ = nullptr;
  }

  struct Run {
    void Perform() {
      auto engine = Open();
      for (std::uint64_t position = 1; position <= kBatches; ++position) {
        // Once flushed, once closed and opened again, in the midst of unsynced batches.
        if (position == kBatches / 3) {
          ASSERT_TRUE(engine->Compact().ok());
        }
        if (position == 2 * kBatches / 3) {
          engine.reset();
          engine = Open();
        }
        const Durability durability = DurabilityAt(position);
        ASSERT_TRUE(engine->Write(BatchAt(position), position, durability).ok());
        acknowledged.push_back({log->size(), position, durability});
      }
      events = log->Events();
    }
    std::unique_ptr<Engine> Open() {
      auto engine = OpenRocksEngine(
          {.path = dir / "db",
           .create = true,
           .file_system = test::NewRecordingFileSystem(log, test::NewUnsyncedFileSystem())},
          TestTables());
      LETHE_CHECK(engine.ok());
      return *std::move(engine);
    }

    test::TempDir dir{test::TempDir::On::kMemory};
    std::shared_ptr<test::DiskLog> log = std::make_shared<test::DiskLog>();
    std::vector<DiskEvent> events;
    std::vector<Acknowledged> acknowledged;
  };

  // The position that the engine must at least have after `crash`.
  static std::uint64_t Promised(const Crash& crash) {
    std::uint64_t promised = 0;
    for (const Acknowledged& answer : run_->acknowledged) {
      if (answer.events > crash.events) break;
      const bool counts =
          crash.unsynced == Unsynced::kKeep || answer.durability == Durability::kSynced;
      if (counts) promised = answer.position;
    }
    return promised;
  }

  // Opens what `crash` leaves of `events`; gives the position found there.
  static std::uint64_t PositionAfter(std::span<const DiskEvent> events, const Crash& crash) {
    test::TempDir dir(test::TempDir::On::kMemory);
    DiskState(events, crash).WriteTo(run_->dir / "db", dir / "db");
    auto engine = OpenRocksEngine(
        {.path = dir / "db", .create = true, .file_system = test::NewUnsyncedFileSystem()},
        TestTables());
    EXPECT_TRUE(engine.ok()) << engine.status();
    if (!engine.ok()) return 0;
    ExpectExactly((*engine)->Position(), **engine);
    return (*engine)->Position();
  }

  // Row for row what the first `position` batches leave.
  static void ExpectExactly(std::uint64_t position, const Reader& reader) {
    std::map<TableId, std::map<std::string, std::string>> expected;
    for (std::uint64_t i = 1; i <= position; ++i) {
      const Batch batch = BatchAt(i);
      for (const Operation& operation : batch.operations()) {
        auto& table = expected[operation.table];
        if (operation.kind == Operation::Kind::kPut) table[operation.key] = operation.value;
        if (operation.kind == Operation::Kind::kDelete) table.erase(operation.key);
      }
    }
    for (const TableId table : {kRows, kOther}) {
      auto rows = reader.Scan(table, {}, 1'000);
      ASSERT_TRUE(rows.ok()) << rows.status();
      std::map<std::string, std::string> found;
      for (Row& row : *rows) found.emplace(std::move(row.key), std::move(row.value));
      EXPECT_EQ(found, expected[table]) << "at position " << position;
    }
  }

  static void ExpectKeptAtEveryEvent(Unsynced unsynced) {
    std::set<test::FileId> info_logs;
    int cuts = 0;
    for (std::size_t count = 0; count <= run_->events.size(); ++count) {
      // A line more in RocksDB's info log, which nothing reads, is no new state.
      if (count > 0) {
        const DiskEvent& last = run_->events[count - 1];
        if (last.path.ends_with("/LOG")) info_logs.insert(last.file);
        if (last.op == DiskEvent::Op::kWrite && info_logs.contains(last.file)) continue;
      }
      ++cuts;
      const Crash crash{count, unsynced, count};
      const std::uint64_t position = PositionAfter(run_->events, crash);
      ASSERT_GE(position, Promised(crash)) << "cut after event " << count;
      ASSERT_FALSE(HasFailure()) << "cut after event " << count;
    }
    EXPECT_GT(cuts, 3 * static_cast<int>(kBatches));
    RecordProperty("cuts", cuts);
  }

  static Run* run_;
};

RocksCrashTest::Run* RocksCrashTest::run_ = nullptr;

TEST_F(RocksCrashTest, AKillLosesNothingAcknowledged) { ExpectKeptAtEveryEvent(Unsynced::kKeep); }

TEST_F(RocksCrashTest, APowerCutThatDropsUnsyncedWritesLosesNothingSynced) {
  ExpectKeptAtEveryEvent(Unsynced::kDrop);
}

TEST_F(RocksCrashTest, APowerCutThatTearsTheLastWritesLosesNothingSynced) {
  ExpectKeptAtEveryEvent(Unsynced::kTear);
}

TEST_F(RocksCrashTest, APowerCutThatKeepsSomeOfEachFileLosesNothingSynced) {
  ExpectKeptAtEveryEvent(Unsynced::kMix);
}

// The control: an engine whose WAL syncs did nothing is caught by the same check.
TEST_F(RocksCrashTest, WithoutTheSyncsOfTheWalTheSameCheckFindsALoss) {
  std::vector<DiskEvent> lying = run_->events;
  std::set<test::FileId> wals;
  for (const DiskEvent& event : lying) {
    if (event.op == DiskEvent::Op::kCreate && event.path.ends_with(".log")) wals.insert(event.file);
  }
  for (DiskEvent& event : lying) {
    // A sync of a file that does not exist.
    if (event.op == DiskEvent::Op::kSync && wals.contains(event.file)) event.file = 1'000'000;
  }
  const Crash crash{lying.size(), Unsynced::kDrop};
  EXPECT_LT(PositionAfter(lying, crash), Promised(crash));
}

}  // namespace
}  // namespace lethe::storage
