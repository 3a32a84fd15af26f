#include "tests/support/recording_file_system.h"

#include <string>
#include <utility>

#include "rocksdb/file_system.h"
#include "tests/support/recording_files.h"

namespace lethe::test {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class RecordingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  RecordingFileSystem(std::shared_ptr<DiskLog> log, std::shared_ptr<rocksdb::FileSystem> below)
      : FileSystemWrapper(below), log_(std::move(log)) {}

  const char* Name() const override { return "RecordingFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* dbg) override {
    IOStatus status = target()->NewWritableFile(path, options, file, dbg);
    if (status.ok()) Wrap(log_->Create(path), 0, file);
    return status;
  }

  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                              IODebugContext* dbg) override {
    const bool existed = target()->FileExists(path, IOOptions(), dbg).ok();
    IOStatus status = target()->ReopenWritableFile(path, options, file, dbg);
    if (!status.ok()) return status;
    std::uint64_t size_bytes = 0;
    status = target()->GetFileSize(path, IOOptions(), &size_bytes, dbg);
    Wrap(existed ? log_->Open(path) : log_->Create(path), size_bytes, file);
    return status;
  }

  IOStatus ReuseWritableFile(const std::string& path, const std::string& old_path,
                             const FileOptions& options,
                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                             IODebugContext* dbg) override {
    IOStatus status = target()->ReuseWritableFile(path, old_path, options, file, dbg);
    if (!status.ok()) return status;
    log_->Rename(old_path, path);
    Wrap(log_->Open(path), 0, file);
    return status;
  }

  IOStatus NewRandomRWFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                           IODebugContext* dbg) override {
    IOStatus status = target()->NewRandomRWFile(path, options, file, dbg);
    if (status.ok()) *file = NewRecordingRandomRWFile(std::move(*file), log_, log_->Open(path));
    return status;
  }

  IOStatus NewMemoryMappedFileBuffer(const std::string&,
                                     std::unique_ptr<rocksdb::MemoryMappedFileBuffer>*) override {
    return IOStatus::NotSupported("writes through a map cannot be recorded");
  }

  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* folder,
                        IODebugContext* dbg) override {
    IOStatus status = target()->NewDirectory(path, options, folder, dbg);
    if (status.ok()) *folder = NewRecordingDirectory(std::move(*folder), log_, path);
    return status;
  }

  IOStatus NewLogger(const std::string& path, const IOOptions&,
                     std::shared_ptr<rocksdb::Logger>* logger, IODebugContext* dbg) override {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    IOStatus status = NewWritableFile(path, FileOptions(), &file, dbg);
    if (status.ok()) *logger = NewRecordingLogger(std::move(file));
    return status;
  }

  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* dbg) override {
    IOStatus status = target()->DeleteFile(path, options, dbg);
    if (status.ok()) log_->Delete(path);
    return status;
  }

  IOStatus Truncate(const std::string& path, std::size_t size, const IOOptions& options,
                    IODebugContext* dbg) override {
    IOStatus status = target()->Truncate(path, size, options, dbg);
    if (status.ok()) log_->Truncate(log_->Open(path), size);
    return status;
  }

  IOStatus CreateDir(const std::string& path, const IOOptions& options,
                     IODebugContext* dbg) override {
    IOStatus status = target()->CreateDir(path, options, dbg);
    if (status.ok()) log_->MakeFolder(path);
    return status;
  }

  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              IODebugContext* dbg) override {
    IOStatus status = target()->CreateDirIfMissing(path, options, dbg);
    if (status.ok()) log_->MakeFolder(path);
    return status;
  }

  IOStatus DeleteDir(const std::string& path, const IOOptions& options,
                     IODebugContext* dbg) override {
    IOStatus status = target()->DeleteDir(path, options, dbg);
    if (status.ok()) log_->DeleteFolder(path);
    return status;
  }

  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* dbg) override {
    IOStatus status = target()->RenameFile(from, to, options, dbg);
    if (status.ok()) log_->Rename(from, to);
    return status;
  }

  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* dbg) override {
    IOStatus status = target()->LinkFile(from, to, options, dbg);
    if (status.ok()) log_->Link(from, to);
    return status;
  }

 private:
  void Wrap(FileId id, std::uint64_t size_bytes, std::unique_ptr<rocksdb::FSWritableFile>* file) {
    *file = NewRecordingWritableFile(std::move(*file), log_, id, size_bytes);
  }

  const std::shared_ptr<DiskLog> log_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> NewRecordingFileSystem(
    std::shared_ptr<DiskLog> log, std::shared_ptr<rocksdb::FileSystem> below) {
  if (below == nullptr) below = rocksdb::FileSystem::Default();
  return std::make_shared<RecordingFileSystem>(std::move(log), std::move(below));
}

}  // namespace lethe::test
