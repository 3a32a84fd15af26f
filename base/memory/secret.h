// Secret memory. All keys of the process live in one locked, guarded arena: memfd_secret where the
// kernel has it, else mlock with MADV_DONTDUMP. An allocation per key (sodium_malloc) costs 20 us
// and runs out of memory maps near 16,000 keys; a slot here costs nanoseconds.
#ifndef LETHE_BASE_MEMORY_SECRET_H_
#define LETHE_BASE_MEMORY_SECRET_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "base/bytes.h"
#include "base/random.h"

namespace lethe {

// A Secret owns 32 key bytes in the arena and wipes them when it dies.
//
// Move-only, so a copy is always an explicit Clone(). It has no operator<< and no conversion to a
// string: a key cannot be logged by accident. A moved-from Secret is empty and may only be
// destroyed or assigned to. Distinct Secrets may be used from any thread.
class Secret {
 public:
  static constexpr std::size_t kBytes = 32;

  Secret() = default;  // Empty.
  static Secret Zero();
  static Secret Draw(Random& random);
  // `bytes` must be 32 long (checked). The caller wipes its own copy.
  static Secret CopyFrom(Bytes bytes);

  Secret(Secret&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  Secret Clone() const;
  bool empty() const { return slot_ == nullptr; }
  // The key bytes; `grep Reveal` finds every reader.
  Bytes Reveal() const;
  MutableBytes RevealMutable();
  // In constant time.
  bool Equals(const Secret& other) const;

 private:
  explicit Secret(std::uint8_t* slot) : slot_(slot) {}
  std::uint8_t* slot_ = nullptr;
};

// The one arena behind all Secrets. Made on first use, sized from RLIMIT_MEMLOCK (at most
// kArenaBytesMax), never grown: an exhausted arena stops the process, so caches are bounded by
// `slots_total` and must leave room.
namespace secret_arena {

inline constexpr std::size_t kArenaBytesMax = 64u << 20;

enum class Backing { kMemfdSecret, kLocked, kUnlocked };

struct Stats {
  Backing backing;
  std::size_t slots_total;
  std::size_t slots_used;
};

Stats GetStats();

}  // namespace secret_arena
}  // namespace lethe

#endif  // LETHE_BASE_MEMORY_SECRET_H_
