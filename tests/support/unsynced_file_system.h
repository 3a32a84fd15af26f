// A RocksDB file system on which a sync does nothing and no space is reserved ahead: for databases
// that a test opens, looks at and throws away, hundreds of times (on TempDir::On::kMemory).
#ifndef LETHE_TESTS_SUPPORT_UNSYNCED_FILE_SYSTEM_H_
#define LETHE_TESTS_SUPPORT_UNSYNCED_FILE_SYSTEM_H_

#include <memory>

namespace rocksdb {
class FileSystem;
}

namespace lethe::test {

std::shared_ptr<rocksdb::FileSystem> NewUnsyncedFileSystem();

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_UNSYNCED_FILE_SYSTEM_H_
