// kill -9 of the real server under mixed load: the slice that every change pays for. The same run
// for hours is scripts/soak.sh kill.
#include "tests/system/kill_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>

#include "tests/system/running_vault.h"
#include "tests/system/worker.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260101;
constexpr std::int64_t kCycles = 12;
// Far more than it takes. A slower machine still does fewer cycles, not longer; below so many it is
// no test.
constexpr absl::Duration kLimit = absl::Seconds(60);
constexpr std::int64_t kCyclesMin = 5;

TEST(KillTest, EverythingAcknowledgedSurvivesKillsAndNothingErasedComesBack) {
  const Totals totals = RunKills({.seed = kSeed, .cycles_max = kCycles, .limit = kLimit});

  std::cout << totals.Line("kill", kSeed) << '\n';
  EXPECT_TRUE(totals.ok()) << totals.Complaint("kill", kSeed);
  EXPECT_EQ(totals.lost, 0);
  EXPECT_EQ(totals.undone, 0);
  EXPECT_EQ(totals.recoverable, 0);
  EXPECT_GE(totals.cycles, kCyclesMin);
  EXPECT_GT(totals.acknowledged, totals.cycles);
  EXPECT_GT(totals.erases, 0);
  EXPECT_GT(totals.open, 0) << "no kill fell into a change: the moments are badly drawn";
}

// The control: with every file of the vault as it was some time before, holder and archive
// included, the same check must find that acknowledged writes are lost and erased people are back.
TEST(KillTest, AnOldCopyOfEverythingIsFoundOut) {
  auto vault = RunningVault::Make();
  ASSERT_TRUE(vault.ok()) << vault.status();
  const std::string data = (*vault)->folder().data();
  const std::string copy = (*vault)->folder().root() + "/copy";
  Worker worker(kSeed, 0);
  const auto load = [&] {
    ASSERT_TRUE((*vault)->Up().ok());
    LoadGate gate(120);
    worker.Work((*vault)->client(), gate);
    ASSERT_TRUE((*vault)->server().Kill().ok());
  };
  load();
  std::filesystem::copy(data, copy, std::filesystem::copy_options::recursive);
  load();
  ASSERT_TRUE(worker.totals().ok()) << worker.totals().Complaint("kill", kSeed);
  ASSERT_GT(worker.totals().erases, 1);

  std::filesystem::remove_all(data);
  std::filesystem::rename(copy, data);
  ASSERT_TRUE((*vault)->Up().ok());
  worker.Check((*vault)->client());

  EXPECT_GT(worker.totals().lost, 0);
  EXPECT_GT(worker.totals().undone, 0);
}

}  // namespace
}  // namespace lethe::test
