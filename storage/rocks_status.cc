#include "storage/rocks_status.h"

#include <string>

namespace lethe::storage {
namespace {

// RocksDB has no code for a folder that someone else owns; its two texts are the only sign: of
// another process, and of an earlier engine of this one.
bool IsLockHeld(const rocksdb::Status& status) {
  if (!status.IsIOError()) return false;
  const std::string text = status.ToString();
  return text.find("While lock file") != std::string::npos ||
         text.find("lock hold by current process") != std::string::npos;
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsNotFound()) return absl::NotFoundError("no such row");
  if (status.IsPathNotFound()) return absl::DataLossError("a file of the database is missing");
  if (status.IsCorruption()) return absl::DataLossError("stored bytes are damaged");
  if (IsLockHeld(status)) {
    return absl::AlreadyExistsError("the data folder is in use by another process");
  }
  return absl::InternalError("the storage engine failed");
}

}  // namespace lethe::storage
