#include "base/memory/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <thread>
#include <type_traits>
#include <vector>

namespace lethe {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

std::array<std::uint8_t, 32> Counting(std::uint8_t from) {
  std::array<std::uint8_t, 32> bytes;
  std::iota(bytes.begin(), bytes.end(), from);
  return bytes;
}

bool AllZero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

TEST(SecretTest, ZeroIsZerosAndCopyFromIsTheBytes) {
  EXPECT_TRUE(AllZero(Secret::Zero().Reveal()));
  EXPECT_EQ(ToHex(Secret::CopyFrom(Counting(1)).Reveal()), ToHex(Counting(1)));
}

TEST(SecretTest, DrawnSecretsDiffer) {
  SystemRandom random;
  const Secret a = Secret::Draw(random);
  const Secret b = Secret::Draw(random);
  EXPECT_FALSE(AllZero(a.Reveal()));
  EXPECT_FALSE(a.Equals(b));
}

TEST(SecretTest, MovingEmptiesTheSource) {
  Secret source = Secret::CopyFrom(Counting(1));
  Secret target = std::move(source);
  EXPECT_TRUE(source.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(target.Equals(Secret::CopyFrom(Counting(1))));

  source = std::move(target);
  EXPECT_TRUE(target.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(source.Equals(Secret::CopyFrom(Counting(1))));
}

TEST(SecretTest, AssigningToItselfKeepsIt) {
  Secret secret = Secret::CopyFrom(Counting(1));
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(ToHex(secret.Reveal()), ToHex(Counting(1)));
}

TEST(SecretTest, AssigningOverAKeyFreesIt) {
  Secret secret = Secret::CopyFrom(Counting(1));
  const std::size_t used = secret_arena::GetStats().slots_used;
  secret = Secret::CopyFrom(Counting(2));
  EXPECT_EQ(secret_arena::GetStats().slots_used, used);
  secret = Secret();
  EXPECT_EQ(secret_arena::GetStats().slots_used, used - 1);
}

TEST(SecretTest, ACloneIsAnotherCopyOfTheSameBytes) {
  Secret original = Secret::CopyFrom(Counting(1));
  const Secret clone = original.Clone();
  EXPECT_NE(clone.Reveal().data(), original.Reveal().data());
  EXPECT_TRUE(clone.Equals(original));

  original.RevealMutable()[31] ^= 1;

  EXPECT_FALSE(clone.Equals(original));
  EXPECT_EQ(ToHex(clone.Reveal()), ToHex(Counting(1)));
}

TEST(SecretTest, StatsCountSlots) {
  const auto before = secret_arena::GetStats();
  {
    std::vector<Secret> secrets;
    for (int i = 0; i < 1000; ++i) secrets.push_back(Secret::Zero());
    EXPECT_EQ(secret_arena::GetStats().slots_used, before.slots_used + 1000);
  }
  EXPECT_EQ(secret_arena::GetStats().slots_used, before.slots_used);
  EXPECT_GE(before.slots_total, 8192u);
}

TEST(SecretTest, ThreadsDoNotDisturbOneAnother) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t, &wrong] {
      std::vector<Secret> mine;
      for (int round = 0; round < 2000; ++round) {
        mine.push_back(Secret::CopyFrom(Counting(static_cast<std::uint8_t>(t * 40))));
        if (round % 3 == 0) mine.erase(mine.begin() + static_cast<long>(mine.size() / 2));
      }
      const Secret expected = Secret::CopyFrom(Counting(static_cast<std::uint8_t>(t * 40)));
      for (const Secret& secret : mine) wrong += secret.Equals(expected) ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(SecretTest, AStaticSecretMayDieAfterMain) {
  static Secret late = Secret::CopyFrom(Counting(1));
  EXPECT_FALSE(late.empty());
}

TEST(SecretDeathTest, AnEmptySecretTellsNothing) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Secret().Reveal(), "check failed");
  EXPECT_DEATH(Secret().RevealMutable(), "check failed");
  EXPECT_DEATH(Secret().Clone(), "check failed");
  EXPECT_DEATH(Secret().Equals(Secret::Zero()), "check failed");
}

TEST(SecretDeathTest, CopyFromTakesExactlyThirtyTwoBytes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Secret::CopyFrom(Bytes(Counting(0)).first(31)), "check failed");
}

}  // namespace
}  // namespace lethe
