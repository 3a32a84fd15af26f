#include "base/memory/secret_mapping.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ostream>

namespace lethe {

namespace secret_arena {
void PrintTo(const Backing& backing, std::ostream* out) {
  static constexpr const char* kNames[] = {"MemfdSecret", "Locked", "Unlocked"};
  *out << kNames[static_cast<int>(backing)];
}
}  // namespace secret_arena

namespace internal {
namespace {

using secret_arena::Backing;

constexpr std::size_t kBytes = 2 * 4096;

class SecretMappingTest : public testing::TestWithParam<Backing> {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto mapping = TryMapSecretMemory(GetParam(), kBytes);
    if (!mapping.has_value()) GTEST_SKIP() << "this system has no such memory";
    memory_ = mapping->memory;
    EXPECT_EQ(mapping->backing, GetParam());
  }

  MutableBytes memory_;
};

// Errno of asking the kernel about the page: 0 if it is mapped, ENOMEM if not.
int PageErrno(std::uint8_t* page) {
  unsigned char resident = 0;
  return mincore(page, 4096, &resident) == 0 ? 0 : errno;
}

TEST_P(SecretMappingTest, IsZeroedAndWritable) {
  ASSERT_EQ(memory_.size(), kBytes);
  EXPECT_EQ(std::count(memory_.begin(), memory_.end(), 0), static_cast<long>(kBytes));
  std::fill(memory_.begin(), memory_.end(), 0xa5);
  EXPECT_EQ(std::count(memory_.begin(), memory_.end(), 0xa5), static_cast<long>(kBytes));
}

TEST_P(SecretMappingTest, APageOnEitherSideCannotBeTouched) {
  volatile std::uint8_t* const memory = memory_.data();
  EXPECT_DEATH(memory[-1] = 1, "");
  EXPECT_DEATH(memory[kBytes] = 1, "");
  memory[0] = 1;  // The control.
  memory[kBytes - 1] = 1;
}

TEST_P(SecretMappingTest, AForkedChildDoesNotHaveIt) {
  memory_[0] = 1;
  ASSERT_EQ(PageErrno(memory_.data()), 0);
  const pid_t child = fork();
  if (child == 0) _exit(PageErrno(memory_.data()) == ENOMEM ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

INSTANTIATE_TEST_SUITE_P(EveryBacking, SecretMappingTest,
                         testing::Values(Backing::kMemfdSecret, Backing::kLocked,
                                         Backing::kUnlocked),
                         testing::PrintToStringParamName());

TEST(MapSecretMemoryTest, KeepsWithinItsBounds) {
  const SecretMapping mapping = MapSecretMemory();
  EXPECT_GE(mapping.memory.size(), 256u << 10);
  EXPECT_LE(mapping.memory.size(), secret_arena::kArenaBytesMax);
}

TEST(TryMapSecretMemoryDeathTest, TakesWholePagesOnly) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(TryMapSecretMemory(Backing::kUnlocked, 100), "check failed");
  EXPECT_DEATH(TryMapSecretMemory(Backing::kUnlocked, 0), "check failed");
}

}  // namespace
}  // namespace internal
}  // namespace lethe
