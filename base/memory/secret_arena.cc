#include "base/memory/secret_arena.h"

#include <pthread.h>

#include <cstdlib>
#include <cstring>

#include "base/check.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) (static_cast<void>(address))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) (static_cast<void>(address))
#endif

namespace lethe::internal {
namespace {

constexpr std::uint32_t kInUse = 0xffff'ffff;
// Slots moved to a list at once when it runs dry: one cache line of links.
constexpr std::uint32_t kRefillSlots = 16;

// Set in a forked child, which has no arena: whatever it inherited may only be forgotten.
std::atomic<bool> forked_child{false};

bool AllZero(const std::uint8_t* slot) {
  std::uint64_t words[Secret::kBytes / 8];
  std::memcpy(words, slot, Secret::kBytes);
  return (words[0] | words[1] | words[2] | words[3]) == 0;
}

}  // namespace

SecretArena& SecretArena::Instance() {
  static SecretArena* const arena = [] {
    LETHE_CHECK(pthread_atfork(nullptr, nullptr, [] { forked_child = true; }) == 0);
    return new SecretArena(MapSecretMemory());
  }();
  return *arena;
}

SecretArena::SecretArena(SecretMapping mapping)
    : memory_(mapping.memory),
      backing_(mapping.backing),
      slots_total_(static_cast<std::uint32_t>(mapping.memory.size() / Secret::kBytes)),
      // calloc: the links of slots never used are never touched, and cost no memory.
      links_(static_cast<std::uint32_t*>(std::calloc(slots_total_, sizeof(std::uint32_t))),
             &std::free) {
  LETHE_CHECK(links_ != nullptr);
  ASAN_POISON_MEMORY_REGION(memory_.data(), memory_.size());
}

std::uint8_t* SecretArena::Allocate() {
  LETHE_CHECK(!forked_child.load(std::memory_order_relaxed));
  std::uint8_t* slot = nullptr;
  {
    Shard& shard = ShardOfThread();
    const std::lock_guard lock(shard.mutex);
    if (shard.first != 0 || Refill(shard)) slot = Pop(shard);
  }
  if (slot == nullptr) slot = TakeFromOthers();
  const bool arena_has_slot = slot != nullptr;
  LETHE_CHECK(arena_has_slot);
  ASAN_UNPOISON_MEMORY_REGION(slot, Secret::kBytes);
  // Else somebody wrote through a view of a dead Secret, or beyond a living one.
  const bool slot_untouched_since_wiped = AllZero(slot);
  LETHE_CHECK(slot_untouched_since_wiped);
  return slot;
}

void SecretArena::Free(std::uint8_t* slot) {
  if (forked_child.load(std::memory_order_relaxed)) return;
  LETHE_CHECK(slot >= memory_.data() && slot < memory_.data() + memory_.size());
  const auto offset = static_cast<std::size_t>(slot - memory_.data());
  LETHE_CHECK(offset % Secret::kBytes == 0);
  const auto index = static_cast<std::uint32_t>(offset / Secret::kBytes);
  const bool slot_in_use = links_[index] == kInUse;
  LETHE_CHECK(slot_in_use);
  Wipe({slot, Secret::kBytes});
  ASAN_POISON_MEMORY_REGION(slot, Secret::kBytes);

  Shard& shard = ShardOfThread();
  const std::lock_guard lock(shard.mutex);
  links_[index] = shard.first;
  shard.first = index + 1;
  --shard.used;
}

secret_arena::Stats SecretArena::GetStats() const {
  std::int64_t used = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    used += shard.used;
  }
  // Lists are counted one after another, so a slot moving between them may be missed.
  return {backing_, slots_total_, used > 0 ? static_cast<std::size_t>(used) : 0};
}

SecretArena::Shard& SecretArena::ShardOfThread() {
  static std::atomic<std::uint32_t> threads{0};
  // Trivially destructible, so that Secrets may die after the thread's other locals.
  static thread_local const std::uint32_t number =
      threads.fetch_add(1, std::memory_order_relaxed) % kShards;
  return shards_[number];
}

std::uint8_t* SecretArena::Pop(Shard& shard) {
  const std::uint32_t index = shard.first - 1;
  LETHE_CHECK(index < slots_total_);
  shard.first = links_[index];
  links_[index] = kInUse;
  ++shard.used;
  return SlotAt(index);
}

bool SecretArena::Refill(Shard& shard) {
  // The check before keeps the counter from wrapping when an exhausted arena is asked for ever.
  if (fresh_.load(std::memory_order_relaxed) >= slots_total_) return false;
  const std::uint32_t begin = fresh_.fetch_add(kRefillSlots, std::memory_order_relaxed);
  if (begin >= slots_total_) return false;
  const std::uint32_t end =
      slots_total_ - begin < kRefillSlots ? slots_total_ : begin + kRefillSlots;
  for (std::uint32_t index = end; index-- > begin;) {
    links_[index] = shard.first;
    shard.first = index + 1;
  }
  return true;
}

std::uint8_t* SecretArena::TakeFromOthers() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    if (shard.first != 0) return Pop(shard);
  }
  return nullptr;
}

std::uint8_t* SecretArena::SlotAt(std::uint32_t index) const {
  return memory_.data() + std::size_t{index} * Secret::kBytes;
}

}  // namespace lethe::internal
