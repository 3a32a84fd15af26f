// A RocksDB file system that tells a DiskLog everything that is done to files through it.
#ifndef LETHE_TESTS_SUPPORT_RECORDING_FILE_SYSTEM_H_
#define LETHE_TESTS_SUPPORT_RECORDING_FILE_SYSTEM_H_

#include <memory>

#include "tests/support/disk_log.h"

namespace rocksdb {
class FileSystem;
}

namespace lethe::test {

// On top of `below`, null for the real file system. The folders it is used on are empty, or `log`
// has adopted them. Memory-mapped writing is refused, so no byte goes past the log.
std::shared_ptr<rocksdb::FileSystem> NewRecordingFileSystem(
    std::shared_ptr<DiskLog> log, std::shared_ptr<rocksdb::FileSystem> below = nullptr);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_RECORDING_FILE_SYSTEM_H_
