// The server killed on entering a write, a sync or a rename of its own: a few positions of every
// kind of change and of the start. All of them: scripts/soak.sh inject.
#include "tests/system/inject_run.h"

#include <gtest/gtest.h>

#include <iostream>

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260103;
constexpr absl::Duration kLimit = absl::Seconds(20);
constexpr std::int64_t kDeathsMin = 5;

TEST(InjectTest, KilledAtAWriteSyncOrRenameEveryChangeIsWholeOrNotThere) {
  const auto totals = RunInjections({.run = {.seed = kSeed, .limit = kLimit}, .slice = true});
  if (absl::IsUnavailable(totals.status())) GTEST_SKIP() << totals.status().message();

  ASSERT_TRUE(totals.ok()) << totals.status();
  std::cout << totals->Line("inject", kSeed) << '\n';
  EXPECT_TRUE(totals->ok()) << totals->Complaint("inject", kSeed);
  EXPECT_GE(totals->cycles, kDeathsMin);
}

}  // namespace
}  // namespace lethe::test
