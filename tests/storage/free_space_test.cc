#include "storage/free_space.h"

#include "base/reason.h"
#include "gtest/gtest.h"

namespace lethe::storage {
namespace {

constexpr std::uint64_t kReserve = 64u << 20;

class FreeSpaceTest : public testing::Test {
 protected:
  std::uint64_t free_bytes_ = 1u << 30;
  int asked_ = 0;
  FreeSpace space_{kReserve, [this]() -> absl::StatusOr<std::uint64_t> {
                     ++asked_;
                     return free_bytes_;
                   }};
};

TEST_F(FreeSpaceTest, AdmitsDownToTheReserveAndNotBelow) {
  free_bytes_ = kReserve + 100;
  EXPECT_EQ(ReasonOf(space_.Admit(101)), Reason::kDiskReserve);
  EXPECT_TRUE(space_.Admit(100).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(space_.Admit(101)));
  free_bytes_ = kReserve - 1;
  EXPECT_TRUE(absl::IsResourceExhausted(space_.Admit(1)));
}

TEST_F(FreeSpaceTest, ARefusalIsForgottenAsSoonAsThereIsRoom) {
  free_bytes_ = 0;
  EXPECT_FALSE(space_.Admit(1).ok());
  free_bytes_ = 1u << 30;
  EXPECT_TRUE(space_.Admit(1).ok());
}

TEST_F(FreeSpaceTest, AsksOncePerSoManySmallWrites) {
  for (int i = 0; i < FreeSpace::kTrustedAdmissions; ++i) ASSERT_TRUE(space_.Admit(1).ok());
  EXPECT_EQ(asked_, 1);
  ASSERT_TRUE(space_.Admit(1).ok());
  EXPECT_EQ(asked_, 2);
}

TEST_F(FreeSpaceTest, AsksAgainAfterSoManyBytes) {
  ASSERT_TRUE(space_.Admit(FreeSpace::kTrustedBytes).ok());
  ASSERT_TRUE(space_.Admit(1).ok());
  EXPECT_EQ(asked_, 2);
}

TEST_F(FreeSpaceTest, AnOldAnswerNeverAdmitsMoreThanWasFree) {
  free_bytes_ = kReserve + 10;
  EXPECT_TRUE(space_.Admit(6).ok());
  EXPECT_TRUE(space_.Admit(4).ok());
  free_bytes_ = kReserve;
  EXPECT_FALSE(space_.Admit(1).ok());
}

TEST(FreeSpaceProbeTest, AFailedProbeRefuses) {
  FreeSpace space(1, [] { return absl::InternalError("no answer"); });
  EXPECT_TRUE(absl::IsInternal(space.Admit(1)));
}

TEST(FreeSpaceProbeTest, WithoutAReserveNothingIsAsked) {
  FreeSpace space(0, [] { return absl::InternalError("asked"); });
  EXPECT_TRUE(space.Admit(1).ok());
}

}  // namespace
}  // namespace lethe::storage
