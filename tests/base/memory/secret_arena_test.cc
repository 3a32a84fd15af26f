#include "base/memory/secret_arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace lethe::internal {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kSlots = kPage / Secret::kBytes;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kFreeSlotsArePoisoned = true;
#else
constexpr bool kFreeSlotsArePoisoned = false;
#endif

// An arena of one page and a view of all its memory.
struct SmallArena {
  SmallArena()
      : mapping(*TryMapSecretMemory(secret_arena::Backing::kUnlocked, kPage)), arena(mapping) {}
  SecretMapping mapping;
  SecretArena arena;
};

void FillSlot(std::uint8_t* slot) { std::fill_n(slot, Secret::kBytes, std::uint8_t{0xa5}); }

TEST(SecretArenaTest, EverySlotIsHandedOutOnceAndZeroed) {
  SmallArena small;
  std::set<std::uint8_t*> slots;
  for (std::size_t i = 0; i < kSlots; ++i) {
    std::uint8_t* slot = small.arena.Allocate();
    EXPECT_EQ(std::count(slot, slot + Secret::kBytes, 0), 32);
    EXPECT_EQ((slot - small.mapping.memory.data()) % 32, 0);
    FillSlot(slot);
    EXPECT_TRUE(slots.insert(slot).second);
  }
  EXPECT_EQ(small.arena.GetStats().slots_used, kSlots);
  EXPECT_EQ(small.arena.GetStats().slots_total, kSlots);
}

TEST(SecretArenaTest, AFreedSlotIsWipedAtOnce) {
  if (kFreeSlotsArePoisoned) GTEST_SKIP() << "AddressSanitizer keeps free slots from being read";
  SmallArena small;
  std::uint8_t* slot = small.arena.Allocate();
  std::uint8_t* neighbour = small.arena.Allocate();
  FillSlot(slot);
  FillSlot(neighbour);

  small.arena.Free(slot);

  EXPECT_EQ(std::count(slot, slot + Secret::kBytes, 0), 32);
  EXPECT_EQ(std::count(neighbour, neighbour + Secret::kBytes, 0xa5), 32);
}

TEST(SecretArenaTest, AFullArenaServesAgainWhateverThreadFreed) {
  SmallArena small;
  std::vector<std::uint8_t*> slots;
  for (std::size_t i = 0; i < kSlots; ++i) slots.push_back(small.arena.Allocate());
  // Freed into the lists of other threads; this thread finds them there.
  for (std::size_t t = 0; t < 4; ++t) {
    std::thread([&, t] {
      for (std::size_t i = t; i < kSlots; i += 4) small.arena.Free(slots[i]);
    }).join();
  }
  EXPECT_EQ(small.arena.GetStats().slots_used, 0u);

  std::set<std::uint8_t*> again;
  for (std::size_t i = 0; i < kSlots; ++i) again.insert(small.arena.Allocate());

  EXPECT_EQ(again, std::set<std::uint8_t*>(slots.begin(), slots.end()));
}

TEST(SecretArenaTest, ThreadsShareItWithoutEverMeetingInASlot) {
  SmallArena small;
  std::vector<std::thread> threads;
  std::atomic<int> shared{0};
  for (int t = 1; t <= 4; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 5000; ++round) {
        std::uint8_t* slot = small.arena.Allocate();
        std::fill_n(slot, Secret::kBytes, static_cast<std::uint8_t>(t));
        if (std::count(slot, slot + Secret::kBytes, t) != 32) ++shared;
        small.arena.Free(slot);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(shared, 0);
  EXPECT_EQ(small.arena.GetStats().slots_used, 0u);
}

class SecretArenaDeathTest : public testing::Test {
 protected:
  SecretArenaDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(SecretArenaDeathTest, AnExhaustedArenaStopsTheProcess) {
  SmallArena small;
  for (std::size_t i = 0; i < kSlots; ++i) small.arena.Allocate();
  EXPECT_DEATH(small.arena.Allocate(), "check failed: arena_has_slot");
}

TEST_F(SecretArenaDeathTest, FreeingTwiceStopsTheProcess) {
  SmallArena small;
  std::uint8_t* slot = small.arena.Allocate();
  small.arena.Free(slot);
  EXPECT_DEATH(small.arena.Free(slot), "check failed: slot_in_use");
}

TEST_F(SecretArenaDeathTest, FreeingWhatIsNoSlotStopsTheProcess) {
  SmallArena small;
  std::uint8_t* slot = small.arena.Allocate();
  std::uint8_t elsewhere[Secret::kBytes] = {};
  EXPECT_DEATH(small.arena.Free(slot + 1), "check failed");
  EXPECT_DEATH(small.arena.Free(elsewhere), "check failed");
  EXPECT_DEATH(small.arena.Free(small.mapping.memory.data() + kPage), "check failed");
}

TEST_F(SecretArenaDeathTest, AWriteIntoAFreeSlotDoesNotStayUnseen) {
  SmallArena small;
  std::uint8_t* slot = small.arena.Allocate();
  small.arena.Free(slot);
  const char* expected =
      kFreeSlotsArePoisoned ? "use-after-poison" : "check failed: slot_untouched_since_wiped";
  EXPECT_DEATH(
      {
        slot[31] = 1;
        small.arena.Allocate();
      },
      expected);
}

}  // namespace
}  // namespace lethe::internal
