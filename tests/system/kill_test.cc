// kill -9 of the real server under mixed load: the slice that every change pays for. The same run
// for hours is scripts/soak.sh kill.
#include "tests/system/kill_run.h"

#include <gtest/gtest.h>

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260101;
constexpr std::int64_t kCycles = 20;
// A slow machine does fewer cycles, not longer ones; below this many it is no test.
constexpr absl::Duration kLimit = absl::Seconds(40);
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

}  // namespace
}  // namespace lethe::test
