// The judge of the erase-reads run, on histories made by hand.
#include "tests/system/read_history.h"

#include <gtest/gtest.h>

namespace lethe::test {
namespace {

using Result = PastRead::Result;

Instant At(int second) { return Instant() + std::chrono::seconds(second); }

PastRead Read(int begun, int ended, Result result) {
  return {.begun = At(begun), .ended = At(ended), .result = result, .what = "a get"};
}

// Asked for at 10, acknowledged at 20.
std::vector<Fault> JudgeWith(const PastRead& read) {
  return Judge({.reads = {read}, .erase_asked = At(10), .erase_acknowledged = At(20)});
}

TEST(ReadHistoryTest, APlaintextInALateReadIsUndone) {
  const auto faults = JudgeWith(Read(21, 22, Result::kAnswered));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].kind, Fault::Kind::kUndone);
}

TEST(ReadHistoryTest, WhatBeganBeforeTheAcknowledgementMayEndEitherWay) {
  EXPECT_TRUE(JudgeWith(Read(5, 30, Result::kAnswered)).empty());
  EXPECT_TRUE(JudgeWith(Read(19, 30, Result::kAnswered)).empty());
  EXPECT_TRUE(JudgeWith(Read(5, 11, Result::kGone)).empty());
  EXPECT_TRUE(JudgeWith(Read(21, 22, Result::kGone)).empty());
}

TEST(ReadHistoryTest, ARefusalBeforeTheErasureIsALoss) {
  const auto faults = JudgeWith(Read(5, 9, Result::kGone));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].kind, Fault::Kind::kLost);
  EXPECT_EQ(Judge({.reads = {Read(1, 2, Result::kGone)}}).size(), 1u) << "nobody was erased";
}

// An erasure nobody acknowledged promises nothing.
TEST(ReadHistoryTest, WithoutAnAcknowledgementNothingIsLate) {
  EXPECT_TRUE(Judge({.reads = {Read(30, 31, Result::kAnswered)}, .erase_asked = At(10)}).empty());
}

TEST(ReadHistoryTest, AWrongAnswerIsAFaultWhenever) {
  EXPECT_EQ(JudgeWith(Read(1, 2, Result::kWrong)).size(), 1u);
  EXPECT_EQ(JudgeWith(Read(30, 31, Result::kWrong)).size(), 1u);
  EXPECT_TRUE(JudgeWith(Read(1, 2, Result::kPutOff)).empty());
}

TEST(ReadHistoryTest, CountsWhatWasTriedAfter) {
  const ReadHistory history = {.reads = {Read(1, 2, Result::kAnswered), Read(21, 22, Result::kGone),
                                         Read(25, 26, Result::kGone)},
                               .erase_asked = At(10),
                               .erase_acknowledged = At(20)};
  EXPECT_EQ(CountBegunAfter(history), 2);
}

}  // namespace
}  // namespace lethe::test
