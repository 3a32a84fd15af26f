#include "base/memory/secret_mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"

namespace lethe::internal {
namespace {

using secret_arena::Backing;

// Below this a locked arena would run dry under a server's key cache; then unlocked memory, which
// start-up reports, serves better than a process that stops.
constexpr std::size_t kLockedBytesMin = 256u << 10;
// Without a lock there is no limit to follow: enough for 262,144 keys.
constexpr std::size_t kUnlockedBytes = 8u << 20;

#ifndef SYS_memfd_secret
constexpr long kMemfdSecretCall = 447;  // linux 5.14, the same number on every architecture.
#else
constexpr long kMemfdSecretCall = SYS_memfd_secret;
#endif

std::size_t PageBytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

// The bytes we may lock: seven eighths of the limit, since libraries lock a little as well.
std::size_t LockableBytes() {
  rlimit limit{};
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
  rlimit raised{limit.rlim_max, limit.rlim_max};
  if (setrlimit(RLIMIT_MEMLOCK, &raised) == 0) limit = raised;
  if (limit.rlim_cur / 8 * 7 >= secret_arena::kArenaBytesMax) return secret_arena::kArenaBytesMax;
  const auto bytes = static_cast<std::size_t>(limit.rlim_cur / 8 * 7);
  return bytes / PageBytes() * PageBytes();
}

// Replaces the reserved pages by memory that only this process's own instructions can read: not
// ptrace, not /proc/PID/mem, not the kernel's direct map.
bool PlaceMemfdSecret(void* where, std::size_t bytes) {
  const int fd = static_cast<int>(syscall(kMemfdSecretCall, O_CLOEXEC));
  if (fd < 0) return false;
  const bool placed =
      ftruncate(fd, static_cast<off_t>(bytes)) == 0 &&
      mmap(where, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != MAP_FAILED;
  close(fd);
  return placed;
}

bool PlaceOrdinary(void* where, std::size_t bytes) {
  return mprotect(where, bytes, PROT_READ | PROT_WRITE) == 0;
}

bool Place(Backing backing, void* where, std::size_t bytes) {
  switch (backing) {
    case Backing::kMemfdSecret:
      return PlaceMemfdSecret(where, bytes);
    case Backing::kLocked:
      // On fault: a page is locked when it is first used, so an idle arena costs nothing.
      return PlaceOrdinary(where, bytes) && mlock2(where, bytes, MLOCK_ONFAULT) == 0;
    case Backing::kUnlocked:
      return PlaceOrdinary(where, bytes);
  }
  return false;
}

}  // namespace

std::optional<SecretMapping> TryMapSecretMemory(Backing backing, std::size_t bytes) {
  const std::size_t guard = PageBytes();
  LETHE_CHECK(bytes > 0 && bytes % guard == 0);
  const std::size_t whole = bytes + 2 * guard;
  void* region = mmap(nullptr, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED) return std::nullopt;
  auto* memory = static_cast<std::uint8_t*>(region) + guard;
  if (!Place(backing, memory, bytes) || madvise(memory, bytes, MADV_DONTDUMP) != 0 ||
      madvise(memory, bytes, MADV_DONTFORK) != 0) {
    munmap(region, whole);
    return std::nullopt;
  }
  return SecretMapping{{memory, bytes}, backing};
}

SecretMapping MapSecretMemory() {
  const std::size_t lockable = LockableBytes();
  for (const Backing backing : {Backing::kMemfdSecret, Backing::kLocked}) {
    // Halving: part of the limit may be in use already.
    for (std::size_t bytes = lockable; bytes >= kLockedBytesMin;
         bytes = bytes / 2 / PageBytes() * PageBytes()) {
      if (auto mapping = TryMapSecretMemory(backing, bytes)) return *mapping;
    }
  }
  auto unlocked = TryMapSecretMemory(Backing::kUnlocked, kUnlockedBytes);
  LETHE_CHECK(unlocked.has_value());
  return *unlocked;
}

}  // namespace lethe::internal
