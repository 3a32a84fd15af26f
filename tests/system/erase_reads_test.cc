// Some hundred erasures while others read; ten thousand: scripts/soak.sh erase-reads.
#include "tests/system/erase_reads.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "tests/support/replay.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260106;
constexpr int kErases = kSlowBuild ? 100 : 400;

TEST(EraseReadsTest, NobodyIsAnsweredAfterTheAcknowledgementAndOthersHardlyNotice) {
  const EraseReadsResult result =
      RunEraseReads({.seed = SeedFromEnvironment(kSeed), .erases = kErases, .others = 50});
  std::printf("%s", result.Text().c_str());
  EXPECT_TRUE(result.totals.ok()) << result.totals.Complaint("erase-reads", kSeed);
  EXPECT_EQ(result.totals.erases, kErases);
  EXPECT_EQ(result.erasing.size(), 5u);
  EXPECT_GT(result.tried_after, 0);
}

TEST(EraseReadsTest, TheMedianAndTheBarAreAsWritten) {
  const auto ms = [](int n) { return absl::Milliseconds(n); };
  EXPECT_EQ(MedianOver({{ms(9), ms(9)}, {ms(1), ms(9)}, {ms(2), ms(9)}}), ms(2));
  EXPECT_EQ(AllowedFor(ms(1)), ms(11));
  EXPECT_EQ(AllowedFor(ms(20)), ms(60));
}

}  // namespace
}  // namespace lethe::test
