// The files of the recording file system, each of which tells a DiskLog what is done to it.
#ifndef LETHE_TESTS_SUPPORT_RECORDING_FILES_H_
#define LETHE_TESTS_SUPPORT_RECORDING_FILES_H_

#include <memory>
#include <string>

#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "tests/support/disk_log.h"

namespace lethe::test {

// `size_bytes`: the file's at opening, where appending goes on.
std::unique_ptr<rocksdb::FSWritableFile> NewRecordingWritableFile(
    std::unique_ptr<rocksdb::FSWritableFile> below, std::shared_ptr<DiskLog> log, FileId file,
    std::uint64_t size_bytes);

std::unique_ptr<rocksdb::FSRandomRWFile> NewRecordingRandomRWFile(
    std::unique_ptr<rocksdb::FSRandomRWFile> below, std::shared_ptr<DiskLog> log, FileId file);

std::unique_ptr<rocksdb::FSDirectory> NewRecordingDirectory(
    std::unique_ptr<rocksdb::FSDirectory> below, std::shared_ptr<DiskLog> log, std::string path);

// An info log on a recorded file: RocksDB's own writes past every file system wrapper.
std::shared_ptr<rocksdb::Logger> NewRecordingLogger(std::unique_ptr<rocksdb::FSWritableFile> file);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_RECORDING_FILES_H_
