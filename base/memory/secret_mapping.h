// Where secret memory comes from. Used by the arena and its tests only; everyone else has Secret.
#ifndef LETHE_BASE_MEMORY_SECRET_MAPPING_H_
#define LETHE_BASE_MEMORY_SECRET_MAPPING_H_

#include <cstddef>
#include <optional>

#include "base/bytes.h"
#include "base/memory/secret.h"

namespace lethe::internal {

// Zeroed memory of the process's whole life, with an inaccessible page on either side. It is not
// in core dumps, and a forked child does not have it at all.
struct SecretMapping {
  MutableBytes memory;
  secret_arena::Backing backing;
};

// Maps `bytes` (whole pages) with exactly this backing; nullopt where the system has none or the
// process may not lock so much.
std::optional<SecretMapping> TryMapSecretMemory(secret_arena::Backing backing, std::size_t bytes);

// The best backing there is, as large as RLIMIT_MEMLOCK allows (after raising the soft limit to
// the hard one) up to kArenaBytesMax. The process stops if there is no memory at all.
SecretMapping MapSecretMemory();

}  // namespace lethe::internal

#endif  // LETHE_BASE_MEMORY_SECRET_MAPPING_H_
