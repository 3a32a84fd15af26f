#include "crypto/self_test.h"

#include <gtest/gtest.h>

namespace lethe::crypto {
namespace {

TEST(SelfTestTest, PassesHereAndMayBeRunAgain) {
  EXPECT_TRUE(SelfTest().ok()) << SelfTest();
  EXPECT_TRUE(SelfTest().ok());
}

}  // namespace
}  // namespace lethe::crypto
