#include "crypto/nonce_source.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/bytes.h"

namespace lethe::crypto {
namespace {

using Nonce = std::array<std::uint8_t, kNonceBytes>;
using internal::NoncePool;

Nonce Draw() {
  Nonce nonce;
  DrawNonce(nonce);
  return nonce;
}

TEST(NonceSourceTest, AMillionNoncesAreDistinct) {
  std::unordered_set<std::string> seen;
  seen.reserve(1'000'000);
  for (int i = 0; i < 1'000'000; ++i) seen.emplace(AsText(Draw()));
  EXPECT_EQ(seen.size(), 1'000'000u);
}

TEST(NonceSourceTest, ThreadsShareNone) {
  std::vector<std::vector<Nonce>> drawn(4);
  std::vector<std::thread> threads;
  for (auto& mine : drawn) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 10'000; ++i) mine.push_back(Draw());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::unordered_set<std::string> seen;
  for (const auto& mine : drawn) {
    for (const Nonce& nonce : mine) seen.emplace(AsText(nonce));
  }
  EXPECT_EQ(seen.size(), 40'000u);
}

std::vector<Nonce> DrawMany() {
  std::vector<Nonce> drawn(NoncePool::kNonces);
  for (Nonce& nonce : drawn) DrawNonce(nonce);
  return drawn;
}

// Forks; parent and child draw at once, before a pool could grow old. Returns what both drew.
std::unordered_set<std::string> DrawOnBothSidesOfAFork() {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  const std::vector<Nonce> drawn = DrawMany();
  const auto bytes = static_cast<ssize_t>(drawn.size() * kNonceBytes);
  if (child == 0) _exit(write(ends[1], drawn.data(), drawn.size() * kNonceBytes) == bytes ? 0 : 1);

  std::vector<Nonce> drawn_by_child(drawn.size());
  EXPECT_EQ(read(ends[0], drawn_by_child.data(), drawn.size() * kNonceBytes), bytes);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  close(ends[0]);
  close(ends[1]);
  std::unordered_set<std::string> seen;
  for (const Nonce& nonce : drawn) seen.emplace(AsText(nonce));
  for (const Nonce& nonce : drawn_by_child) seen.emplace(AsText(nonce));
  return seen;
}

TEST(NonceSourceTest, AForkedChildDrawsOthersThanItsParent) {
  // Often, since on a busy machine a pool may grow old between the fork and the draw after all.
  for (int round = 0; round < 50; ++round) {
    Draw();
    ASSERT_EQ(DrawOnBothSidesOfAFork().size(), 2 * NoncePool::kNonces) << round;
  }
}

TEST(NoncePoolTest, ServesSixtyFourFromOneFilling) {
  NoncePool pool{};
  Nonce nonce;
  for (std::uint32_t left = NoncePool::kNonces; left-- > 0;) {
    pool.Draw(nonce, /*now_ns=*/5, /*forks=*/0);
    EXPECT_EQ(pool.left(), left);
  }
  pool.Draw(nonce, 5, 0);
  EXPECT_EQ(pool.left(), NoncePool::kNonces - 1);
}

TEST(NoncePoolTest, DropsWhatIsTenMillisecondsOld) {
  NoncePool pool{};
  Nonce nonce;
  pool.Draw(nonce, 5, 0);
  pool.Draw(nonce, 5 + NoncePool::kAgeMaxNs - 1, 0);
  EXPECT_EQ(pool.left(), NoncePool::kNonces - 2);  // The control: younger ones are used.
  pool.Draw(nonce, 5 + NoncePool::kAgeMaxNs, 0);
  EXPECT_EQ(pool.left(), NoncePool::kNonces - 1);
}

TEST(NoncePoolTest, DropsWhatWasFilledBeforeAFork) {
  NoncePool pool{};
  Nonce nonce;
  pool.Draw(nonce, 5, 0);
  pool.Draw(nonce, 5, 0);
  EXPECT_EQ(pool.left(), NoncePool::kNonces - 2);
  pool.Draw(nonce, 5, 1);
  EXPECT_EQ(pool.left(), NoncePool::kNonces - 1);
}

std::string_view MemoryOf(const NoncePool& pool) {
  return {reinterpret_cast<const char*>(&pool), sizeof pool};
}

TEST(NoncePoolTest, AGivenNonceIsNoLongerInThePool) {
  NoncePool pool{};
  Nonce first;
  pool.Draw(first, 5, 0);
  const std::string before(MemoryOf(pool));
  Nonce second;
  pool.Draw(second, 5, 0);
  EXPECT_NE(before.find(AsText(second)), std::string::npos);  // The control.
  EXPECT_EQ(MemoryOf(pool).find(AsText(second)), std::string_view::npos);
  EXPECT_EQ(MemoryOf(pool).find(AsText(first)), std::string_view::npos);
}

TEST(NoncePoolTest, DropLeavesNothing) {
  NoncePool pool{};
  Nonce nonce;
  pool.Draw(nonce, 0, 0);
  pool.Drop();
  const std::string_view memory = MemoryOf(pool);
  EXPECT_EQ(std::count(memory.begin(), memory.end(), '\0'), static_cast<long>(memory.size()));
}

}  // namespace
}  // namespace lethe::crypto
