// Whether a running server may go on.
#include "server/start/lookout.h"

#include <gtest/gtest.h>

#include "absl/time/time.h"
#include "server/telling/log.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

using server::DeafWatch;
using server::Lookout;
using server::Outlook;

TEST(DeafWatchTest, WhoIsSilentAtTwoLooksInARowIsDeaf) {
  const absl::Duration silent = DeafWatch::kDeafAfter + absl::Milliseconds(1);
  DeafWatch watch;
  EXPECT_FALSE(watch.IsDeaf(silent));
  EXPECT_TRUE(watch.IsDeaf(silent + absl::Seconds(1)));
}

// What a machine that slept shows when it wakes up: a long silence, and then none.
TEST(DeafWatchTest, OneLongSilenceIsNotEnough) {
  DeafWatch watch;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(watch.IsDeaf(absl::Hours(8))) << i;
    EXPECT_FALSE(watch.IsDeaf(absl::Milliseconds(200))) << i;
  }
  EXPECT_FALSE(watch.IsDeaf(DeafWatch::kDeafAfter));
  EXPECT_FALSE(watch.IsDeaf(DeafWatch::kDeafAfter));
}

class LookoutTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.Start().ok()); }

  TestServer server_;
  const server::Log log_{"error"};
};

TEST_F(LookoutTest, ASoundServerGoesOn) {
  Lookout lookout(server_.config, server_.vault, server_.server(), log_);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(lookout.Look(), Outlook::kFair);
}

TEST_F(LookoutTest, AVaultThatStoppedItselfIsSeen) {
  Lookout lookout(server_.config, server_.vault, server_.server(), log_);
  EXPECT_EQ(lookout.Look(), Outlook::kFair);
  server_.vault.SetSealed();
  EXPECT_EQ(lookout.Look(), Outlook::kSealed);
}

TEST_F(LookoutTest, MemoryThatRunsOutIsSeen) {
  server_.config.limits.process_mb = 1;
  Lookout lookout(server_.config, server_.vault, server_.server(), log_);
  for (int i = 1; i < server::MemoryWatch::kFullReadings; ++i) {
    EXPECT_EQ(lookout.Look(), Outlook::kFair);
  }
  EXPECT_EQ(lookout.Look(), Outlook::kMemoryFull);
}

}  // namespace
}  // namespace lethe::test
