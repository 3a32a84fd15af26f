// Looks for key bytes the way an attacker with /proc/PID/mem does: through the kernel, over every
// mapping of the process, registers left out.
#ifndef LETHE_TESTS_BASE_MEMORY_MEMORY_SCAN_H_
#define LETHE_TESTS_BASE_MEMORY_MEMORY_SCAN_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/memory/secret.h"

namespace lethe {

// Sanitizers map terabytes of shadow memory and keep copies of what passes through them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kMemoryCanBeScanned = false;
#else
inline constexpr bool kMemoryCanBeScanned = true;
#endif

// A key's bytes with bits flipped, so that the needle itself is no find.
using Needle = std::array<std::uint8_t, Secret::kBytes>;
Needle NeedleFor(Bytes key);

// Whether the key stands in `memory`.
bool Holds(Bytes memory, const Needle& needle);

// How often the key stands in memory that the kernel can read.
int CopiesInProcessMemory(const Needle& needle);

// Whether the key stands anywhere in memory that the kernel can read.
bool VisibleInProcessMemory(const Needle& needle);

// The same, and also in memory that only the process itself can read (memfd_secret), where the
// arena of all Secrets may be.
bool HeldByProcess(const Needle& needle);

}  // namespace lethe

#endif  // LETHE_TESTS_BASE_MEMORY_MEMORY_SCAN_H_
