// The n-th write or sync of the database, the archive or a slot fails under a whole vault. The call
// that met it fails, the vault seals itself, and a restart finds everything that was acknowledged.
#include <cstdio>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/replay.h"
#include "tests/support/unsynced_file_system.h"
#include "tests/vault/whole/hooked_parts.h"
#include "tests/vault/whole/omniscient_disk.h"
#include "tests/vault/whole/story.h"

namespace lethe::test {
namespace {

using Kind = FaultPlan::Kind;

// Which file fails: its plan knows it by this ending.
struct Where {
  const char* name;
  Kind kind;
};
constexpr char kWal[] = ".log";
constexpr char kArchive[] = "archive";
constexpr char kSlots[] = "slots";

constexpr int kStepsMax = 80;
constexpr int kFaultsPerPlace = kSlowBuild ? 2 : 6;

Hook FailingAs(const std::shared_ptr<FaultPlan>& plan, Kind kind, const char* name) {
  return [plan, kind, name]() -> std::optional<absl::Status> {
    if (!plan->Fails(kind, name)) return std::nullopt;
    return absl::InternalError("injected fault");
  };
}

RecordedVaultOptions FailingBy(const std::shared_ptr<FaultPlan>& plan) {
  RecordedVaultOptions options;
  options.interposed.file_system = NewFaultFileSystem(plan, NewUnsyncedFileSystem());
  options.interposed.archive =
      WithHooks(FolderHooks{.append = FailingAs(plan, Kind::kWrite, kArchive),
                            .sync = FailingAs(plan, Kind::kSync, kArchive)});
  const Hook slot_write = FailingAs(plan, Kind::kWrite, kSlots);
  options.interposed.slots =
      WithHooks(SlotHooks{.write = [slot_write](std::uint64_t, Bytes) { return slot_write(); },
                          .sync = FailingAs(plan, Kind::kSync, kSlots)});
  return options;
}

class WholeVaultFaultTest : public ::testing::TestWithParam<Where> {
 protected:
  // Steps until one fails; its outcome is open.
  Step StepUntilFault(Story& story, Facts& told) {
    for (int i = 0; i < kStepsMax; ++i) {
      told = story.TheFacts();
      Step step = story.Next();
      if (!step.status.ok()) return step;
    }
    return {};
  }

  // Whoever met the fault takes nothing more: a slot's the committer, a file's the journal.
  void ExpectSealed(RecordedVault& world) {
    EXPECT_TRUE(world->operations().Status().sealed);
    auto& stores = world->stores();
    const absl::Status shred = stores.tree->Shred({}).status();
    EXPECT_FALSE(shred.ok());
    const bool at_slot = std::string(GetParam().name) == kSlots;
    const absl::Status refused =
        at_slot ? shred : stores.journal->Commit({{}}, {}, storage::Durability::kSynced).status();
    EXPECT_EQ(ReasonOf(refused), Reason::kSealed) << refused;
  }

  void ExpectNothingLost(RecordedVault& world, Story& story, const Facts& told,
                         const Facts& may_be) {
    const Differences found = Compare(*world, told, may_be);
    EXPECT_EQ(found.lost, "");
    EXPECT_EQ(found.undone, "");
    OmniscientDisk disk(world);
    disk.Look();
    const Texts opened = disk.Open(world.CurrentRoot()).plaintexts;
    for (const std::string& dead : story.dead()) EXPECT_FALSE(opened.contains(dead)) << dead;
  }

  // False: the story ended before the fault struck.
  bool FailNth(int nth, std::uint64_t seed) {
    SCOPED_TRACE(std::string(GetParam().name) + " number " + std::to_string(nth) +
                 " LETHE_SEED=" + std::to_string(seed));
    const auto plan = std::make_shared<FaultPlan>();
    RecordedVault world(FailingBy(plan));
    Story story(world, seed);
    plan->FailNth(GetParam().kind, nth, FaultPlan::Mode::kSticky, GetParam().name);
    Facts told;
    const Step failed = StepUntilFault(story, told);
    if (failed.status.ok()) return false;
    // A start that fails has no vault to seal.
    const bool at_start = failed.name == "restart";
    if (!at_start) ExpectSealed(world);
    plan->Clear();
    EXPECT_TRUE(story.Restart().status.ok()) << failed.name << ": " << failed.status;
    if (HasFailure()) return true;
    ExpectNothingLost(world, story, told, at_start ? told : failed.may_be);
    return true;
  }
};

TEST_P(WholeVaultFaultTest, SealsTheVaultAndLosesNothingAcknowledged) {
  const std::uint64_t seed = SeedFromEnvironment(1);
  int struck = 0;
  // The first ones, and then further and further on.
  for (int i = 0, nth = 1; i < kFaultsPerPlace && !HasFailure(); ++i, nth += 1 + i) {
    struck += FailNth(nth, seed + static_cast<std::uint64_t>(i)) ? 1 : 0;
  }
  EXPECT_GE(struck, kFaultsPerPlace / 2);
}

INSTANTIATE_TEST_SUITE_P(EveryPlace, WholeVaultFaultTest,
                         ::testing::Values(Where{kWal, Kind::kWrite}, Where{kWal, Kind::kSync},
                                           Where{kArchive, Kind::kWrite},
                                           Where{kArchive, Kind::kSync},
                                           Where{kSlots, Kind::kWrite}, Where{kSlots, Kind::kSync}),
                         [](const auto& info) {
                           const std::string name =
                               info.param.name[0] == '.' ? "wal" : info.param.name;
                           return name + (info.param.kind == Kind::kWrite ? "_write" : "_sync");
                         });

}  // namespace
}  // namespace lethe::test
