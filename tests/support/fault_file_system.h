// A RocksDB file system whose operations fail as a FaultPlan says.
#ifndef LETHE_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_
#define LETHE_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_

#include <memory>

#include "tests/support/fault_plan.h"

namespace rocksdb {
class FileSystem;
}

namespace lethe::test {

// On top of `below`, null for the real file system.
std::shared_ptr<rocksdb::FileSystem> NewFaultFileSystem(
    std::shared_ptr<FaultPlan> plan, std::shared_ptr<rocksdb::FileSystem> below = nullptr);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_
