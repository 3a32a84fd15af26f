// What RocksDB adds to the contract: opening, refusing, tables that come and go.
#include "storage/rocks_engine.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/codec.h"
#include "base/reason.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "storage/rocks_database.h"
#include "tests/storage/test_tables.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/temp_dir.h"

namespace lethe::storage {
namespace {

class RocksEngineTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Engine>> Open(RocksSpec options = {}) {
    options.path = path_;
    return OpenRocksEngine(options, TestTables());
  }
  void Create(const Batch& batch = PutOne(kRows, "key", "value")) {
    auto engine = Open({.create = true});
    ASSERT_TRUE(engine.ok()) << engine.status();
    ASSERT_TRUE((*engine)->Write(batch, 1, Durability::kSynced).ok());
  }
  // Writes a row of the engine's own table past the engine.
  void PutEngineRow(std::string_view key, const std::string& value) {
    auto database = RocksDatabase::Open({.path = path_}, TestTables());
    ASSERT_TRUE(database.ok()) << database.status();
    ASSERT_TRUE((*database)
                    ->db()
                    .Put(rocksdb::WriteOptions(), (*database)->engine_table(), key, value)
                    .ok());
  }

  test::TempDir dir_;
  const std::string path_ = dir_ / "db";
};

TEST_F(RocksEngineTest, WithoutCreateAMissingDatabaseIsNotFoundAndNotMade) {
  EXPECT_TRUE(absl::IsNotFound(Open().status()));
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_TRUE(absl::IsNotFound(Open({.create = true, .read_only = true}).status()));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RocksEngineTest, AFolderWithoutItsParentIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(
      OpenRocksEngine({.path = dir_ / "none/db", .create = true}, TestTables()).status()));
}

TEST_F(RocksEngineTest, AFolderThatIsOpenIsInUse) {
  auto engine = Open({.create = true});
  ASSERT_TRUE(engine.ok());
  const absl::Status second = Open().status();
  EXPECT_TRUE(absl::IsAlreadyExists(second)) << second;
  EXPECT_EQ(second.message().find(path_), std::string::npos);
  engine->reset();
  EXPECT_TRUE(Open().ok());
}

// A process that owns the folder's lock as RocksDB would, by the same record lock, without running
// RocksDB in a forked child.
class ForeignOwner {
 public:
  explicit ForeignOwner(const std::string& lock_path) {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    child_ = fork();
    if (child_ == 0) {
      struct flock whole = {};
      whole.l_type = F_WRLCK;
      const int file = open(lock_path.c_str(), O_RDWR);
      const char locked = fcntl(file, F_SETLK, &whole) == 0 ? 'y' : 'n';
      if (write(ready[1], &locked, 1) != 1) _exit(1);
      pause();
    }
    char locked = '?';
    EXPECT_EQ(read(ready[0], &locked, 1), 1);
    EXPECT_EQ(locked, 'y');
    close(ready[0]);
    close(ready[1]);
  }
  ~ForeignOwner() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }

 private:
  pid_t child_;
};

TEST_F(RocksEngineTest, AFolderThatAnotherProcessHasOpenIsInUse) {
  Create();
  {
    const ForeignOwner owner(path_ + "/LOCK");
    const absl::Status status = Open().status();
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  }
  EXPECT_TRUE(Open().ok());  // The kernel gives a dead owner's lock back.
}

TEST_F(RocksEngineTest, ATableOfALaterVersionIsRefusedAndStays) {
  Create();
  const std::vector<TableSpec> fewer = {{kRows, "rows"}};
  EXPECT_EQ(ReasonOf(OpenRocksEngine({.path = path_}, fewer).status()), Reason::kUnsupportedFormat);
  auto engine = Open();
  ASSERT_TRUE(engine.ok());
  EXPECT_EQ(Find(**engine, kRows, "key"), "value");
}

TEST_F(RocksEngineTest, ATableOfThisVersionIsAddedToAnOlderDatabase) {
  Create();
  const std::vector<TableSpec> more = {{kRows, "rows"}, {kOther, "other"}, {9, "added"}};
  EXPECT_EQ(ReasonOf(OpenRocksEngine({.path = path_, .read_only = true}, more).status()),
            Reason::kUnsupportedFormat);
  auto engine = OpenRocksEngine({.path = path_}, more);
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_TRUE((*engine)->Write(PutOne(9, "k", "v"), 2, Durability::kSynced).ok());
  EXPECT_EQ(Find(**engine, 9, "k"), "v");
  EXPECT_EQ(Find(**engine, kRows, "key"), "value");
}

TEST_F(RocksEngineTest, AnotherFormatIsRefused) {
  Create();
  PutEngineRow(RocksDatabase::kFormatKey, ByteWriter().U32(RocksDatabase::kFormat + 1).str());
  EXPECT_EQ(ReasonOf(Open().status()), Reason::kUnsupportedFormat);
}

TEST_F(RocksEngineTest, ADamagedPositionIsRefused) {
  Create();
  PutEngineRow(RocksDatabase::kPositionKey, "seven b");
  EXPECT_TRUE(absl::IsDataLoss(Open().status()));
}

std::set<std::string> NamesIn(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

TEST_F(RocksEngineTest, ReadOnlyReadsAndChangesNothing) {
  Create();
  const std::set<std::string> before = NamesIn(path_);
  {
    auto engine = Open({.read_only = true});
    ASSERT_TRUE(engine.ok()) << engine.status();
    EXPECT_EQ(Find(**engine, kRows, "key"), "value");
    EXPECT_EQ((*engine)->Position(), 1u);
    EXPECT_EQ(Find(*(*engine)->Snapshot(), kRows, "key"), "value");
    EXPECT_TRUE(absl::IsFailedPrecondition(
        (*engine)->Write(PutOne(kRows, "key", "new"), 2, Durability::kSynced)));
    EXPECT_TRUE(absl::IsFailedPrecondition((*engine)->Compact()));
    EXPECT_TRUE(absl::IsFailedPrecondition((*engine)->Copy().status()));
  }
  EXPECT_EQ(NamesIn(path_), before);
}

TEST_F(RocksEngineTest, ACopyMayBeReadWhileTheOriginalIsOpen) {
  auto engine = Open({.create = true});
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE((*engine)->Write(PutOne(kRows, "key", "value"), 1, Durability::kWritten).ok());
  std::filesystem::copy(path_, dir_ / "copy", std::filesystem::copy_options::recursive);
  auto copy = OpenRocksEngine({.path = dir_ / "copy", .read_only = true}, TestTables());
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(Find(**copy, kRows, "key"), "value");
}

TEST_F(RocksEngineTest, TheReserveStopsWritesEarlyAndLetsThemOnAgain) {
  auto plan = std::make_shared<test::FaultPlan>();
  auto engine = Open({.create = true,
                      .free_space_reserve_bytes = 1'000'000,
                      .file_system = test::NewFaultFileSystem(plan)});
  ASSERT_TRUE(engine.ok()) << engine.status();
  plan->SetFreeBytes(249'999);
  const absl::Status refused = (*engine)->Write(PutOne(kRows, "k", "v"), 1, Durability::kSynced);
  EXPECT_EQ(ReasonOf(refused), Reason::kDiskReserve);
  EXPECT_EQ((*engine)->Position(), 0u);
  EXPECT_EQ(Find(**engine, kRows, "k"), std::nullopt);  // Refused is not failed: reads go on.

  plan->SetFreeBytes(2'000'000);
  EXPECT_TRUE((*engine)->Write(PutOne(kRows, "k", "v"), 1, Durability::kSynced).ok());
}

TEST_F(RocksEngineTest, TheReserveIsToldBeforeAnythingIsWritten) {
  auto plan = std::make_shared<test::FaultPlan>();
  auto engine = Open({.create = true,
                      .free_space_reserve_bytes = 1'000'000,
                      .file_system = test::NewFaultFileSystem(plan)});
  ASSERT_TRUE(engine.ok()) << engine.status();
  plan->SetFreeBytes(1'500'000);
  EXPECT_EQ(ReasonOf((*engine)->CheckRoom(600'000, Room::kSpare)), Reason::kDiskReserve);
  EXPECT_TRUE((*engine)->CheckRoom(400'000, Room::kSpare).ok());
  EXPECT_EQ((*engine)->Position(), 0u);
}

TEST_F(RocksEngineTest, WhatMustGoOnMayTakeHalfOfTheReserveAndAnEndAQuarterMore) {
  auto plan = std::make_shared<test::FaultPlan>();
  auto engine = Open({.create = true,
                      .free_space_reserve_bytes = 1'000'000,
                      .file_system = test::NewFaultFileSystem(plan)});
  ASSERT_TRUE(engine.ok()) << engine.status();
  const auto has_room = [&](std::uint64_t free_bytes, Room room) {
    plan->SetFreeBytes(free_bytes);
    const absl::Status status = (*engine)->CheckRoom(100, room);
    EXPECT_TRUE(status.ok() || ReasonOf(status) == Reason::kDiskReserve) << status;
    return status.ok();
  };
  EXPECT_FALSE(has_room(1'000'099, Room::kSpare));
  EXPECT_FALSE(has_room(500'099, Room::kReserve));
  EXPECT_FALSE(has_room(250'099, Room::kLast));
  EXPECT_TRUE(has_room(250'100, Room::kLast));
  EXPECT_TRUE(has_room(500'100, Room::kReserve));
  EXPECT_TRUE(has_room(1'000'100, Room::kSpare));
}

TEST_F(RocksEngineTest, CompactingNeedsRoomForTheWholeTable) {
  auto plan = std::make_shared<test::FaultPlan>();
  auto engine = Open({.create = true,
                      .free_space_reserve_bytes = 1'000'000,
                      .file_system = test::NewFaultFileSystem(plan)});
  ASSERT_TRUE(engine.ok()) << engine.status();
  const Batch large = PutOne(kRows, "k", std::string(4u << 20, 'x'));
  ASSERT_TRUE((*engine)->Write(large, 1, Durability::kSynced).ok());
  plan->SetFreeBytes(3'000'000);
  EXPECT_EQ(ReasonOf((*engine)->Compact()), Reason::kDiskReserve);
  plan->SetFreeBytes(std::nullopt);
  EXPECT_TRUE((*engine)->Compact().ok());
}

// What is open goes on without them, so only a look tells.
TEST_F(RocksEngineTest, AFolderThatTheNextStartWouldNotFindIsTold) {
  Create();
  auto engine = Open();
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_TRUE((*engine)->CheckThere().ok());
  std::filesystem::rename(path_, dir_ / "away");
  EXPECT_TRUE(absl::IsFailedPrecondition((*engine)->CheckThere()));
  std::filesystem::copy(dir_ / "away", path_, std::filesystem::copy_options::recursive);
  EXPECT_FALSE((*engine)->CheckThere().ok()) << "a copy is another folder";
  std::filesystem::remove_all(path_);
  std::filesystem::rename(dir_ / "away", path_);
  EXPECT_TRUE((*engine)->CheckThere().ok());
  std::filesystem::rename(path_ + "/CURRENT", dir_ / "CURRENT");
  EXPECT_FALSE((*engine)->CheckThere().ok()) << "the folder is there, and empty";
  std::filesystem::rename(dir_ / "CURRENT", path_ + "/CURRENT");
  EXPECT_TRUE((*engine)->CheckThere().ok());
}

TEST_F(RocksEngineTest, NoMessageNamesThePath) {
  Create();
  std::ofstream(path_ + "/CURRENT") << "MANIFEST-000099\n";
  const absl::Status status = Open().status();
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.ToString().find("lethe_test"), std::string::npos) << status;
}

}  // namespace
}  // namespace lethe::storage
