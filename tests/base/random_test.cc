#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <set>
#include <string>

namespace lethe {
namespace {

TEST(SystemRandomTest, DrawsDiffer) {
  SystemRandom random;
  std::set<std::string> drawn;
  for (int i = 0; i < 10'000; ++i) {
    std::string bytes(16, '\0');
    random.Fill(AsMutableBytes(bytes));
    drawn.insert(bytes);
  }
  EXPECT_EQ(drawn.size(), 10'000u);
}

TEST(SystemRandomTest, HalfOfAllBitsAreSet) {
  SystemRandom random;
  std::array<std::uint8_t, 1 << 16> bytes{};
  random.Fill(bytes);
  std::int64_t ones = 0;
  for (const std::uint8_t byte : bytes) ones += std::popcount(byte);
  // 524,288 fair bits: ten standard deviations are 3,620.
  EXPECT_NEAR(static_cast<double>(ones), 262'144, 3'620);
}

TEST(SystemRandomTest, FillsNothingForAnEmptySpan) {
  SystemRandom random;
  random.Fill({});
}

}  // namespace
}  // namespace lethe
