// A slice of the crash points of whole vaults; scripts/soak.sh crash-points runs them for hours.
#include <cstdio>

#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/vault/whole/crash_run.h"

namespace lethe::test {
namespace {

constexpr int kStories = kSlowBuild ? 2 : 6;
constexpr int kSteps = 40;
constexpr int kCrashesPerStory = kSlowBuild ? 10 : 60;

TEST(WholeVaultCrashTest, NothingAcknowledgedIsLostOrUndoneByACrashAtAnyPoint) {
  const std::uint64_t first = SeedFromEnvironment(1);
  Totals all;
  for (std::uint64_t seed = first; seed < first + kStories && all.ok(); ++seed) {
    CrashRun run(seed, kSteps, StoryOptions(seed));
    run.CrashAtRandom(kCrashesPerStory);
    all.Add(run.tally());
  }
  for (const std::string& fault : all.faults) ADD_FAILURE() << fault;
  std::printf("%s\n", all.Line("crash-points", first).c_str());
  EXPECT_GE(all.cycles, kStories * kCrashesPerStory);
  EXPECT_GT(all.open, 0);
}

}  // namespace
}  // namespace lethe::test
