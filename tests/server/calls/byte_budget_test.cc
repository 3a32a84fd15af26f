#include "server/calls/byte_budget.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "base/reason.h"

namespace lethe::server {
namespace {

class ByteBudgetTest : public ::testing::Test {
 protected:
  std::unique_ptr<ByteBudget::Share> ShareOf(const std::string& principal) {
    auto share = std::make_unique<ByteBudget::Share>(budget_);
    share->Of(principal);
    return share;
  }
  ByteBudget budget_{1000};
};

TEST_F(ByteBudgetTest, OneCallerMayUseHalfAndLeavesTheRestToOthers) {
  const auto greedy = ShareOf("greedy");
  EXPECT_TRUE(greedy->Grow(400).ok());
  EXPECT_TRUE(greedy->Grow(100).ok());
  const absl::Status refused = greedy->Grow(1);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(refused), Reason::kQuota);
  EXPECT_EQ(budget_.used(), 500) << "a refusal takes nothing";
  EXPECT_TRUE(ShareOf("other")->Grow(500).ok());
}

TEST_F(ByteBudgetTest, AllCallsOfACallerCountTogether) {
  const auto first = ShareOf("one");
  const auto second = ShareOf("one");
  EXPECT_TRUE(first->Grow(300).ok());
  EXPECT_FALSE(second->Grow(300).ok());
}

TEST_F(ByteBudgetTest, AllCallersTogetherStayWithinTheWhole) {
  std::vector<std::unique_ptr<ByteBudget::Share>> shares;
  for (const char* name : {"a", "b", "c"}) shares.push_back(ShareOf(name));
  for (const auto& share : shares) EXPECT_TRUE(share->Grow(300).ok());
  EXPECT_FALSE(shares[0]->Grow(200).ok());
  EXPECT_TRUE(shares[0]->Grow(100).ok());
}

TEST_F(ByteBudgetTest, WhereTwoHaveTakenAllOthersMayStillSendSomethingSmall) {
  const auto one = ShareOf("one");
  const auto two = ShareOf("two");
  ASSERT_TRUE(one->Grow(500).ok());
  ASSERT_TRUE(two->Grow(500).ok());
  EXPECT_FALSE(ShareOf("three")->Grow(ByteBudget::kSmall + 1).ok());
  const auto three = ShareOf("three");
  EXPECT_TRUE(three->Grow(ByteBudget::kSmall).ok());
  EXPECT_FALSE(ShareOf("three")->Grow(1).ok()) << "once";
  EXPECT_FALSE(ShareOf("one")->Grow(1).ok()) << "those who took it are refused";
  EXPECT_TRUE(ShareOf("four")->Grow(1).ok());
}

TEST_F(ByteBudgetTest, WhatACallHoldsComesBackWhenItEnds) {
  {
    const auto share = ShareOf("one");
    ASSERT_TRUE(share->Grow(500).ok());
    share->Set(20);
    EXPECT_EQ(budget_.used(), 20);
    share->Set(2000);  // It is there already, whatever the limit says.
    EXPECT_EQ(budget_.used(), 2000);
  }
  EXPECT_EQ(budget_.used(), 0);
  EXPECT_TRUE(ShareOf("one")->Grow(500).ok());
}

TEST_F(ByteBudgetTest, ACallLargerThanAPartIsServedAlone) {
  const auto large = ShareOf("one");
  EXPECT_TRUE(large->Grow(5000).ok());
  EXPECT_FALSE(ShareOf("one")->Grow(1).ok());
}

TEST_F(ByteBudgetTest, ManyThreadsLeaveNothingBehind) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      for (int round = 0; round < 2000; ++round) {
        const auto share = ShareOf(std::to_string(i % 3));
        if (share->Grow(10 + round % 300).ok()) share->Set(5);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget_.used(), 0);
}

}  // namespace
}  // namespace lethe::server
