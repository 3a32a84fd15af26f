// The one place where RocksDB's status becomes absl's.
#ifndef LETHE_STORAGE_ROCKS_STATUS_H_
#define LETHE_STORAGE_ROCKS_STATUS_H_

#include "absl/status/status.h"
#include "rocksdb/status.h"

namespace lethe::storage {

// NOT_FOUND, DATA_LOSS (a checksum, a file or a WAL record is wrong), ALREADY_EXISTS ("in use"), or
// INTERNAL. RocksDB's own text holds paths and is dropped; its info log keeps it.
absl::Status FromRocks(const rocksdb::Status& status);

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ROCKS_STATUS_H_
