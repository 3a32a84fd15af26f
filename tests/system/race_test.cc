// Many callers, one subject, one moment; then a cold start, and everything acknowledged is read.
#include "tests/system/race_run.h"

#include <gtest/gtest.h>

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260102;

class RaceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto vault = RunningVault::Make();
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = std::move(*vault);
    ASSERT_TRUE(vault_->Up().ok());
  }

  // Runs the race, and checks after a cold start.
  Totals Race(void (*race)(RaceTrack&)) {
    RaceTrack track(*vault_, kSeed);
    race(track);
    const absl::Status restarted = track.ColdRestartAndCheck();
    EXPECT_TRUE(restarted.ok()) << restarted;
    EXPECT_TRUE(track.totals().ok()) << track.totals().Complaint("race", kSeed);
    return track.totals();
  }

  std::unique_ptr<RunningVault> vault_;
};

TEST_F(RaceTest, SixtyFourFirstPutsOfOneCategoryAllSurvive) {
  EXPECT_EQ(Race(RaceFirstPuts).acknowledged, 65);
}

TEST_F(RaceTest, NoPutIsAcknowledgedAfterTheErasureThatRacedIt) {
  EXPECT_EQ(Race(RaceEraseAgainstPuts).erases, 1);
}

TEST_F(RaceTest, TwoErasuresAtOnceLeaveOneErasedSubject) {
  EXPECT_GE(Race(RaceTwoErases).erases, 1);
}

TEST_F(RaceTest, ReadersGetNothingAfterTheAcknowledgementAndStreamsBreakOff) {
  EXPECT_EQ(Race(RaceReadersAgainstErase).erases, 1);
}

TEST_F(RaceTest, NewcomersSurviveTheErasuresOfTheirNeighbours) {
  const Totals totals = Race(RaceNewcomersAgainstErases);
  EXPECT_EQ(totals.erases, 8);
  EXPECT_EQ(totals.checked, 32);
}

}  // namespace
}  // namespace lethe::test
