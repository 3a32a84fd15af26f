#include "server/telling/line_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lethe::server {
namespace {

class LineLimitTest : public ::testing::Test {
 protected:
  int Written(const std::string& kind, int lines) {
    int written = 0;
    for (int i = 0; i < lines; ++i) written += limit_.Admit(kind, now_) ? 1 : 0;
    return written;
  }
  // As "kind: lines".
  std::vector<std::string> Due() {
    std::vector<std::string> texts;
    for (const auto& due : limit_.TakeDue(now_)) {
      texts.push_back(due.kind + ": " + std::to_string(due.lines));
    }
    return texts;
  }
  void Wait(absl::Duration time) { now_ += time; }

  LineLimit limit_;
  absl::Duration now_ = absl::Hours(1);
};

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(LineLimitTest, TheFirstLinesOfAKindAreWrittenAndTheOthersCounted) {
  EXPECT_EQ(Written("a", 1000), LineLimit::kFirst);
  EXPECT_EQ(Written("b", 2), 2);
  EXPECT_THAT(Due(), IsEmpty());
  Wait(LineLimit::kWindow);
  EXPECT_THAT(Due(), ElementsAre("a: 997"));
}

TEST_F(LineLimitTest, AFloodThatLastsIsOneLineAWindow) {
  EXPECT_EQ(Written("a", 10), LineLimit::kFirst);
  for (int window = 0; window < 5; ++window) {
    Wait(LineLimit::kWindow);
    EXPECT_EQ(Due().size(), 1u);
    EXPECT_EQ(Written("a", 1000), 0);
  }
}

TEST_F(LineLimitTest, AKindThatWasQuietForAWindowIsWrittenAgain) {
  EXPECT_EQ(Written("a", 10), LineLimit::kFirst);
  Wait(LineLimit::kWindow);
  EXPECT_EQ(Due().size(), 1u);
  Wait(LineLimit::kWindow);
  EXPECT_THAT(Due(), IsEmpty());
  EXPECT_EQ(Written("a", 10), LineLimit::kFirst);
}

// The control of the limit: lines that come one at a time are all written.
TEST_F(LineLimitTest, FewLinesAreNeverLeftOut) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(Written("a", 1), 1);
    Wait(LineLimit::kWindow);
    EXPECT_THAT(Due(), IsEmpty());
  }
}

TEST_F(LineLimitTest, AtTheEndAllThatWasLeftOutIsTold) {
  Written("a", 10);
  Written("b", 1);
  now_ = absl::InfiniteDuration();
  EXPECT_THAT(Due(), ElementsAre("a: 7"));
  EXPECT_THAT(Due(), IsEmpty());
}

TEST(LineLimitOfItsOwnTest, HowManyAreWrittenIsChosen) {
  LineLimit limit(7);
  int written = 0;
  for (int i = 0; i < 10; ++i) written += limit.Admit("a", absl::ZeroDuration()) ? 1 : 0;
  EXPECT_EQ(written, 7);
  EXPECT_EQ(limit.TakeDue(LineLimit::kWindow).size(), 1u);
  EXPECT_FALSE(limit.Admit("a", LineLimit::kWindow)) << "a flood that lasts";
}

TEST_F(LineLimitTest, KindsWithoutEndAreCountedTogether) {
  int written = 0;
  for (int i = 0; i < 1000; ++i) written += Written(std::to_string(i), 1);
  EXPECT_EQ(written, static_cast<int>(LineLimit::kKindsMax));
  Wait(LineLimit::kWindow);
  EXPECT_THAT(Due(), ElementsAre(": 968"));
}

}  // namespace
}  // namespace lethe::server
