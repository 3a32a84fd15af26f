#include "base/clock.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "tests/support/fake_clock.h"

namespace lethe {
namespace {

TEST(FakeClockTest, BothTimesMoveOnlyByWhatItIsAdvanced) {
  const absl::Time start = absl::FromUnixSeconds(1'800'000'000);
  test::FakeClock clock(start);
  EXPECT_EQ(clock.Now(), start);
  EXPECT_EQ(clock.SinceBoot(), absl::ZeroDuration());

  clock.Advance(absl::Hours(3));

  EXPECT_EQ(clock.Now(), start + absl::Hours(3));
  EXPECT_EQ(clock.SinceBoot(), absl::Hours(3));
}

TEST(SystemClockTest, TellsTheMachinesTimeAndNeverGoesBack) {
  const SystemClock clock;
  const absl::Time before = absl::Now();
  const absl::Time now = clock.Now();
  EXPECT_GT(now, before - absl::Microseconds(1));
  EXPECT_LE(now, absl::Now());
  EXPECT_EQ(now, absl::FromUnixMicros(absl::ToUnixMicros(now))) << "whole microseconds";

  absl::Duration last = clock.SinceBoot();
  EXPECT_GT(last, absl::ZeroDuration());
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration next = clock.SinceBoot();
    ASSERT_GE(next, last);
    last = next;
  }
}

}  // namespace
}  // namespace lethe
