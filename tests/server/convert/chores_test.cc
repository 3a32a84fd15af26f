#include "server/convert/chores.h"

#include <gtest/gtest.h>

namespace lethe::server {
namespace {

TEST(ChoresTest, EverythingOfAChoreIsTold) {
  const absl::Time since = absl::FromUnixSeconds(1'790'000'000);
  const vault::ChoreStatus chore{.name = "doomed",
                                 .healthy = false,
                                 .reason = "HOLDER_UNREACHABLE",
                                 .failures = 3,
                                 .failures_in_all = 5,
                                 .failing_since = since,
                                 .last_failure = since + absl::Seconds(3),
                                 .next_try = since + absl::Seconds(7),
                                 .bad_rows = {{"leaf", 17, "LEAF_LOST"}},
                                 .bad_row_count = 20};
  v1::ChoreStatus told;
  Fill(chore, &told);
  EXPECT_EQ(told.name(), "doomed");
  EXPECT_FALSE(told.healthy());
  EXPECT_EQ(told.reason(), "HOLDER_UNREACHABLE");
  EXPECT_EQ(told.failures(), 3u);
  EXPECT_EQ(told.failures_in_all(), 5u);
  EXPECT_EQ(told.failing_since().seconds(), 1'790'000'000);
  EXPECT_EQ(told.last_failure_time().seconds(), 1'790'000'003);
  EXPECT_EQ(told.next_try_time().seconds(), 1'790'000'007);
  ASSERT_EQ(told.bad_rows_size(), 1);
  EXPECT_EQ(told.bad_rows(0).table(), "leaf");
  EXPECT_EQ(told.bad_rows(0).number(), 17u);
  EXPECT_EQ(told.bad_rows(0).reason(), "LEAF_LOST");
  EXPECT_EQ(told.bad_row_count(), 20u);
}

TEST(ChoresTest, WhatNeverHappenedHasNoTime) {
  v1::ChoreStatus told;
  Fill(vault::ChoreStatus{.name = "expiry"}, &told);
  EXPECT_TRUE(told.healthy());
  EXPECT_FALSE(told.has_failing_since() || told.has_last_failure_time() ||
               told.has_next_try_time());
}

}  // namespace
}  // namespace lethe::server
