// A failed write or flush stops the engine; a restart finds every acknowledged batch.
#include <string>

#include "gtest/gtest.h"
#include "storage/rocks_engine.h"
#include "tests/storage/test_tables.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unsynced_file_system.h"

// Debian's RocksDB drops the memtable of a flush that fails; the leak is its own. Asked by
// LeakSanitizer, by nobody else.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:rocksdb::DBImpl::SwitchMemtable\n";
}

namespace lethe::storage {
namespace {

using Kind = test::FaultPlan::Kind;
using Mode = test::FaultPlan::Mode;

class RocksFaultTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Engine>> Open(const std::string& name = "db") {
    return OpenRocksEngine(
        {.path = dir_ / name,
         .create = true,
         .file_system = test::NewFaultFileSystem(plan_, test::NewUnsyncedFileSystem())},
        TestTables());
  }
  static absl::Status Put(Engine& engine, const std::string& key) {
    return engine.Write(PutOne(kRows, key, "value"), engine.Position() + 1, Durability::kSynced);
  }
  // Every call but Position answers INTERNAL.
  static void ExpectStopped(Engine& engine) {
    EXPECT_TRUE(absl::IsInternal(Put(engine, "more")));
    EXPECT_TRUE(absl::IsInternal(engine.Get(kRows, "before").status()));
    EXPECT_TRUE(
        absl::IsInternal(engine.MultiGet(kRows, std::vector<std::string>{"before"}).status()));
    EXPECT_TRUE(absl::IsInternal(engine.Scan(kRows, {}, 1).status()));
    EXPECT_TRUE(absl::IsInternal(engine.Snapshot()->Get(kRows, "before").status()));
    EXPECT_TRUE(absl::IsInternal(engine.CheckRoom(1, Room::kSpare)));
    EXPECT_TRUE(absl::IsInternal(engine.Copy().status()));
    EXPECT_TRUE(absl::IsInternal(engine.Compact()));
  }

  test::TempDir dir_{test::TempDir::On::kMemory};
  std::shared_ptr<test::FaultPlan> plan_ = std::make_shared<test::FaultPlan>();
};

// The fault strikes once, so that what stays refused is the engine's own doing.
TEST_F(RocksFaultTest, AFailedWriteStopsTheEngineForGood) {
  for (const Kind kind : {Kind::kWrite, Kind::kSync}) {
    const std::string name = "db" + std::to_string(static_cast<int>(kind));
    auto engine = Open(name);
    ASSERT_TRUE(engine.ok()) << engine.status();
    ASSERT_TRUE(Put(**engine, "before").ok());
    const std::unique_ptr<Reader> older = (*engine)->Snapshot();
    plan_->FailNth(kind, 1, Mode::kOnce, ".log");
    EXPECT_TRUE(absl::IsInternal(Put(**engine, "failed")));
    EXPECT_EQ((*engine)->Position(), 1u);
    ExpectStopped(**engine);
    EXPECT_TRUE(absl::IsInternal(older->Get(kRows, "before").status()));
  }
}

TEST_F(RocksFaultTest, AFailedFlushStopsTheEngineTooThoughNoWriteFailed) {
  auto engine = Open();
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(Put(**engine, "before").ok());
  plan_->FailNth(Kind::kSync, 1, Mode::kOnce, ".sst");
  EXPECT_TRUE(absl::IsInternal((*engine)->Compact()));
  ExpectStopped(**engine);
}

TEST_F(RocksFaultTest, ARestartFindsWhatWasAcknowledgedAndWritesOn) {
  {
    auto engine = Open();
    ASSERT_TRUE(engine.ok());
    ASSERT_TRUE(Put(**engine, "before").ok());
    plan_->FailNth(Kind::kWrite, 1, Mode::kSticky, ".log");
    EXPECT_FALSE(Put(**engine, "failed").ok());
  }
  plan_->Clear();
  auto engine = Open();
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_EQ(Find(**engine, kRows, "before"), "value");
  EXPECT_TRUE(Put(**engine, "after").ok());
}

// Fails the n-th operation of one kind, from the first opening on, until n is past them all. After
// a failed flush RocksDB waits a second before it gives up; hence so few writes.
class RocksFaultSweep : public RocksFaultTest, public testing::WithParamInterface<Kind> {
 protected:
  // Opens, writes and compacts till something fails. Gives the position acknowledged last.
  std::uint64_t WriteUntilFailure(const std::string& name) {
    auto engine = Open(name);
    if (!engine.ok()) return 0;
    std::uint64_t acknowledged = 0;
    for (int i = 1; i <= 4; ++i) {
      if (!Put(**engine, "key" + std::to_string(i)).ok()) break;
      acknowledged = i;
      if (i == 2 && !(*engine)->Compact().ok()) break;
    }
    return acknowledged;
  }
};

TEST_P(RocksFaultSweep, WhicheverOperationFailsNothingAcknowledgedIsLost) {
  constexpr int kFaultsMost = 80;
  bool struck = true;
  int n = 1;
  for (; struck && n <= kFaultsMost; ++n) {
    const std::string name = "db" + std::to_string(n);
    const int before = plan_->Count(GetParam());
    plan_->FailNth(GetParam(), n, Mode::kSticky);
    const std::uint64_t acknowledged = WriteUntilFailure(name);
    struck = plan_->Count(GetParam()) - before >= n;
    plan_->Clear();

    auto engine = Open(name);
    ASSERT_TRUE(engine.ok()) << n << " " << engine.status();
    EXPECT_GE((*engine)->Position(), acknowledged) << n;
    for (std::uint64_t i = 1; i <= acknowledged; ++i) {
      EXPECT_EQ(Find(**engine, kRows, "key" + std::to_string(i)), "value") << n;
    }
  }
  EXPECT_FALSE(struck) << "the sweep ended before it had failed every operation";
  EXPECT_GT(n, 4);
}

INSTANTIATE_TEST_SUITE_P(, RocksFaultSweep,
                         testing::Values(Kind::kCreate, Kind::kWrite, Kind::kSync, Kind::kRename),
                         [](const auto& info) -> std::string {
                           switch (info.param) {
                             case Kind::kCreate:
                               return "Create";
                             case Kind::kWrite:
                               return "Write";
                             case Kind::kSync:
                               return "Sync";
                             case Kind::kRename:
                               return "Rename";
                           }
                           return "";
                         });

}  // namespace
}  // namespace lethe::storage
