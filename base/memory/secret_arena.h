// The slots behind all Secrets. Used by Secret and the arena's tests only.
#ifndef LETHE_BASE_MEMORY_SECRET_ARENA_H_
#define LETHE_BASE_MEMORY_SECRET_ARENA_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "base/memory/secret.h"
#include "base/memory/secret_mapping.h"

namespace lethe::internal {

// A SecretArena hands out slots of 32 bytes of secret memory, zeroed, and wipes them when they
// come back. Thread-safe.
//
// Free slots hang in several lists, each under its own mutex; a thread keeps to one list, so that
// threads rarely meet. The links live outside the secret memory: a free slot is all zeros, which
// is checked when it is handed out, so a write through a dangling view does not stay unseen.
class SecretArena {
 public:
  // The process's arena, made on first use and never destroyed: Secrets in static objects may
  // outlive main.
  static SecretArena& Instance();

  explicit SecretArena(SecretMapping mapping);
  SecretArena(const SecretArena&) = delete;
  SecretArena& operator=(const SecretArena&) = delete;

  // A zeroed slot. The process stops when none is left.
  std::uint8_t* Allocate();
  // Wipes the slot. The process stops if it is not one that Allocate gave and Free has not seen.
  void Free(std::uint8_t* slot);

  secret_arena::Stats GetStats() const;

 private:
  static constexpr std::size_t kShards = 16;
  // std::mutex: Debian builds absl::Mutex with deadlock detection, whose graph has one lock for the
  // whole process (measured: 197 ns for two threads on two mutexes, 18 here).
  struct alignas(64) Shard {
    mutable std::mutex mutex;  // Guards both below.
    std::uint32_t first = 0;   // As in links_.
    std::int64_t used = 0;     // Allocated less freed here; may be negative.
  };

  Shard& ShardOfThread();
  // Both with the mutex of `shard` held.
  std::uint8_t* Pop(Shard& shard);
  bool Refill(Shard& shard);
  std::uint8_t* TakeFromOthers();
  std::uint8_t* SlotAt(std::uint32_t index) const;

  const MutableBytes memory_;
  const secret_arena::Backing backing_;
  const std::uint32_t slots_total_;
  // Per slot: kInUse, or 1 + the index of the next free slot of its list, or 0 (last, or fresh).
  // Guarded by the mutex of the list the slot hangs in; the owner's while it is in use.
  const std::unique_ptr<std::uint32_t[], void (*)(void*)> links_;
  std::atomic<std::uint32_t> fresh_{0};  // Slots from here on have never been handed out.
  std::array<Shard, kShards> shards_;
};

}  // namespace lethe::internal

#endif  // LETHE_BASE_MEMORY_SECRET_ARENA_H_
