// An Engine in memory, for tests: the same contract, no disk.
#ifndef LETHE_STORAGE_MEMORY_ENGINE_H_
#define LETHE_STORAGE_MEMORY_ENGINE_H_

#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace lethe::storage {

std::unique_ptr<Engine> NewMemoryEngine(std::span<const TableSpec> tables);

// Opens what a memory engine's Checkpoint wrote into the folder `path` (one file, for tests only).
absl::StatusOr<std::unique_ptr<Engine>> OpenMemoryCheckpoint(const std::string& path,
                                                             std::span<const TableSpec> tables);

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_MEMORY_ENGINE_H_
