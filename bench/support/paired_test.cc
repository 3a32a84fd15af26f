#include "bench/support/paired.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace lethe::bench {
namespace {

// Work whose cost is known: `steps` dependent steps an operation.
Work Steps(int steps) {
  return [steps](std::int64_t repetitions) {
    std::uint64_t value = 1;
    for (std::int64_t i = 0; i < repetitions; ++i) {
      for (int step = 0; step < steps; ++step) {
        value = value * 6364136223846793005 + 1442695040888963407;
        asm volatile("" : "+r"(value));
      }
    }
  };
}

TEST(PairedTest, MedianIsTheMiddleWhateverTheOrder) {
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 3, 2}), 2.5);
  EXPECT_EQ(Median({7}), 7);
}

TEST(PairedTest, TheRatioIsTakenRoundByRound) {
  // The machine grows slower, b always costs half of a.
  const Series a = {2, 4, 8, 16, 32};
  const Series b = {1, 2, 4, 8, 16};
  const Estimate ratio = RatioOf(a, b);
  EXPECT_EQ(ratio.median, 2);
  EXPECT_EQ(ratio.low, 2);
  EXPECT_EQ(ratio.high, 2);
}

TEST(PairedTest, TheIntervalHoldsTheMedianAndIsAlwaysTheSame) {
  Series values;
  for (int i = 0; i < 31; ++i) values.push_back(1.0 + (i * 7 % 31) * 0.01);
  const Estimate first = EstimateOf(values);
  const Estimate again = EstimateOf(values);
  EXPECT_LT(first.low, first.median);
  EXPECT_GT(first.high, first.median);
  EXPECT_GE(first.low, 1.0);
  EXPECT_LE(first.high, 1.3);
  EXPECT_EQ(first.low, again.low);
  EXPECT_EQ(first.high, again.high);
}

TEST(PairedTest, TellsWorkThatIsFourTimesAsDear) {
  TurnOptions options;
  options.clock = TurnClock::kThreadCpu;
  options.rounds = 15;
  options.turns = 3;
  options.turn = std::chrono::microseconds(100);
  const Rounds rounds = TimeInTurns({Steps(400), Steps(100), Steps(100)}, options);
  ASSERT_EQ(rounds.size(), 3u);
  ASSERT_EQ(rounds[0].size(), 15u);
  // Wide, for a busy machine; a mixed-up order or repetition count falls far outside.
  EXPECT_NEAR(RatioOf(rounds[0], rounds[1]).median, 4.0, 1.5);
  EXPECT_NEAR(RatioOf(rounds[1], rounds[2]).median, 1.0, 0.4);
}

TEST(PairedDeathTest, TooFewRoundsAreNoMeasurement) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  TurnOptions options;
  options.rounds = 14;
  EXPECT_DEATH(TimeInTurns({Steps(1)}, options), "too few rounds");
  EXPECT_DEATH(RatioOf({1, 2}, {1}), "different length");
}

}  // namespace
}  // namespace lethe::bench
