// The server meets traps of its own at a write, a sync or a rename: a few positions of every kind
// of change and of the start. All of them: scripts/soak.sh inject, and faults.
#include "tests/system/inject_run.h"

#include <gtest/gtest.h>

#include <iostream>

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260103;
// A slow machine tries fewer positions, not longer; below so many it is no test.
constexpr absl::Duration kLimit = absl::Seconds(12);
constexpr std::int64_t kEndsMin = 4;

void RunSlice(const char* label, const std::vector<Effect>& effects) {
  const auto totals =
      RunInjections({.run = {.seed = kSeed, .limit = kLimit}, .effects = effects, .slice = true});
  if (absl::IsUnavailable(totals.status())) GTEST_SKIP() << totals.status().message();

  ASSERT_TRUE(totals.ok()) << totals.status();
  std::cout << totals->Line(label, kSeed) << '\n';
  EXPECT_TRUE(totals->ok()) << totals->Complaint(label, kSeed);
  EXPECT_GE(totals->cycles, kEndsMin);
}

TEST(InjectTest, KilledAtAWriteSyncOrRenameEveryChangeIsWholeOrNotThere) {
  RunSlice("inject", {Effect::kKill});
}

TEST(InjectTest, AfterAFailedWriteTheServerEndsByItselfAndNothingIsLost) {
  RunSlice("faults", kStorageFaults);
}

}  // namespace
}  // namespace lethe::test
