// An Engine in memory: the same contract, no disk.
#ifndef LETHE_TESTS_SUPPORT_MEMORY_ENGINE_H_
#define LETHE_TESTS_SUPPORT_MEMORY_ENGINE_H_

#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace lethe::test {

std::unique_ptr<storage::Engine> NewMemoryEngine(std::span<const storage::TableSpec> tables);

// One that begins with what a memory engine's copy holds.
absl::StatusOr<std::unique_ptr<storage::Engine>> RestoreMemoryEngine(
    const storage::EngineCopy& copy, std::span<const storage::TableSpec> tables);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_MEMORY_ENGINE_H_
