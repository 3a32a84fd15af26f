// A RocksDB file system on which a sync does nothing and no space is reserved ahead: for databases
// that a test opens, looks at and throws away, thousands of times (on TempDir::On::kMemory).
#ifndef LETHE_TESTS_SUPPORT_UNSYNCED_FILE_SYSTEM_H_
#define LETHE_TESTS_SUPPORT_UNSYNCED_FILE_SYSTEM_H_

#include <memory>

namespace rocksdb {
class FileSystem;
}

namespace lethe::test {

// The info log and the copy of the options: no open reads them, and to write them is a third of
// what an open costs.
enum class Extras { kWritten, kLeftOut };

std::shared_ptr<rocksdb::FileSystem> NewUnsyncedFileSystem(Extras extras = Extras::kWritten);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_UNSYNCED_FILE_SYSTEM_H_
