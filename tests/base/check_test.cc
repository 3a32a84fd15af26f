#include "base/check.h"

#include <gtest/gtest.h>

namespace lethe {
namespace {

TEST(CheckTest, AHeldInvariantCostsNothingAndIsEvaluatedOnce) {
  int evaluated = 0;
  LETHE_CHECK(++evaluated == 1);
  EXPECT_EQ(evaluated, 1);
}

TEST(CheckDeathTest, ABrokenInvariantStopsTheProcessAndNamesItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(LETHE_CHECK(1 + 1 == 3), "check failed: 1 \\+ 1 == 3 \\(.*check_test.cc:");
}

}  // namespace
}  // namespace lethe
