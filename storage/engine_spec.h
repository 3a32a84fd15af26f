// An EngineSpec says which engine holds the rows, where it is and how it is run: one struct per
// engine. Whoever is above carries it and does not look inside; a new engine is one more struct and
// one more answer in each function here.
#ifndef LETHE_STORAGE_ENGINE_SPEC_H_
#define LETHE_STORAGE_ENGINE_SPEC_H_

#include <memory>
#include <span>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/engine.h"
#include "storage/rocks_engine.h"

namespace lethe::storage {

using EngineSpec = std::variant<RocksSpec>;

// The same engine in the folder `path`, where it lives in a folder and its spec names none.
EngineSpec PlacedAt(EngineSpec spec, const std::string& path);

// NOT_FOUND: there is none. ALREADY_EXISTS: another process has it. FAILED_PRECONDITION
// (kUnsupportedFormat): a table or format of a later version. DATA_LOSS: what is stored is damaged;
// nothing was changed.
absl::StatusOr<std::unique_ptr<Engine>> OpenEngine(const EngineSpec& spec,
                                                   std::span<const TableSpec> tables);
// The same, and makes it where there is none. NOT_FOUND: what shall hold it does not exist.
absl::StatusOr<std::unique_ptr<Engine>> CreateEngine(EngineSpec spec,
                                                     std::span<const TableSpec> tables);

// Makes an engine, to be opened then, of a copy that an engine of the same kind gave; synced.
// ALREADY_EXISTS: there is something in its place. After an error what is there is to be removed.
absl::Status RestoreEngine(const EngineSpec& spec, const EngineCopy& copy);

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ENGINE_SPEC_H_
