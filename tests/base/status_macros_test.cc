#include "base/status_macros.h"

#include <gtest/gtest.h>

#include <memory>

namespace lethe {
namespace {

absl::Status TryTwice(absl::Status first, absl::Status second, int& reached) {
  LETHE_TRY(first);
  reached = 1;
  LETHE_TRY(second);
  reached = 2;
  return absl::OkStatus();
}

absl::StatusOr<int> Sum(absl::StatusOr<std::unique_ptr<int>> a, absl::StatusOr<int> b) {
  LETHE_ASSIGN(const std::unique_ptr<int> left, std::move(a));
  LETHE_ASSIGN(const int right, b);
  return *left + right;
}

TEST(StatusMacrosTest, TryReturnsTheFirstErrorAndGoesNoFurther) {
  int reached = 0;
  EXPECT_TRUE(absl::IsAborted(TryTwice(absl::AbortedError(""), absl::OkStatus(), reached)));
  EXPECT_EQ(reached, 0);
  EXPECT_TRUE(absl::IsAborted(TryTwice(absl::OkStatus(), absl::AbortedError(""), reached)));
  EXPECT_EQ(reached, 1);
  EXPECT_TRUE(TryTwice(absl::OkStatus(), absl::OkStatus(), reached).ok());
  EXPECT_EQ(reached, 2);
}

TEST(StatusMacrosTest, AssignTakesTheValueOrReturnsTheError) {
  EXPECT_EQ(Sum(std::make_unique<int>(2), 3).value(), 5);
  EXPECT_TRUE(absl::IsNotFound(Sum(absl::NotFoundError(""), 3).status()));
  EXPECT_TRUE(absl::IsDataLoss(Sum(std::make_unique<int>(2), absl::DataLossError("")).status()));
}

}  // namespace
}  // namespace lethe
