// An Engine in memory: the same contract, no disk.
#ifndef LETHE_TESTS_SUPPORT_MEMORY_ENGINE_H_
#define LETHE_TESTS_SUPPORT_MEMORY_ENGINE_H_

#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace lethe::test {

std::unique_ptr<storage::Engine> NewMemoryEngine(std::span<const storage::TableSpec> tables);

// Opens what a memory engine's Checkpoint wrote into the folder `path` (one file, for tests only).
absl::StatusOr<std::unique_ptr<storage::Engine>> OpenMemoryCheckpoint(
    const std::string& path, std::span<const storage::TableSpec> tables);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_MEMORY_ENGINE_H_
