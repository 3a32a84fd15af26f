// The Engine on an embedded RocksDB: one database, a column family per table, one WAL.
#ifndef LETHE_STORAGE_ROCKS_ENGINE_H_
#define LETHE_STORAGE_ROCKS_ENGINE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace rocksdb {
class FileSystem;
}

namespace lethe::storage {

struct RocksSpec {
  std::string path;
  bool create = false;     // False: NOT_FOUND where there is no database.
  bool read_only = false;  // For inspection of copies; Write answers FAILED_PRECONDITION.
  std::size_t block_cache_bytes = 64u << 20;
  // New data is refused (RESOURCE_EXHAUSTED) while the file system has less free than this, all
  // else while it has less than a quarter (Room), so that a full disk is never met inside RocksDB,
  // which may abort() there.
  std::uint64_t free_space_reserve_bytes = 64u << 20;
  // Beneath everything; null for the real one. Tests record, fail and drop writes here.
  std::shared_ptr<rocksdb::FileSystem> file_system;
};

// ALREADY_EXISTS: another process owns the folder ("in use"). FAILED_PRECONDITION
// (kUnsupportedFormat): a table or format of a later version. DATA_LOSS: the WAL, the manifest or a
// file is damaged or missing; nothing was changed.
//
// RocksDB cannot tell a record whose damaged length points past the end of its file from one that a
// power cut has cut short, and drops it and what follows. What is left is whole batches up to a
// lower Position(): whoever keeps a high-water mark (the archive) compares it after opening.
absl::StatusOr<std::unique_ptr<Engine>> OpenRocksEngine(const RocksSpec& spec,
                                                        std::span<const TableSpec> tables);

// ALREADY_EXISTS: there is something at `spec.path`. The files are written past `spec.file_system`,
// for their owner alone, and synced.
absl::Status RestoreRocksEngine(const RocksSpec& spec, const EngineCopy& copy);

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ROCKS_ENGINE_H_
