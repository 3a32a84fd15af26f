#include "tests/support/recording_files.h"

#include <cstdarg>
#include <cstdio>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "base/check.h"

namespace lethe::test {
namespace {

using rocksdb::DataVerificationInfo;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class RecordingWritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  RecordingWritableFile(std::unique_ptr<rocksdb::FSWritableFile> below,
                        std::shared_ptr<DiskLog> log, FileId file, std::uint64_t size_bytes)
      : FSWritableFileOwnerWrapper(std::move(below)),
        log_(std::move(log)),
        file_(file),
        end_(size_bytes) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    return Appended(data, target()->Append(data, options, dbg));
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const DataVerificationInfo& info,
                  IODebugContext* dbg) override {
    return Appended(data, target()->Append(data, options, info, dbg));
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            IODebugContext* dbg) override {
    return Written(data, offset, target()->PositionedAppend(data, offset, options, dbg));
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            const DataVerificationInfo& info, IODebugContext* dbg) override {
    return Written(data, offset, target()->PositionedAppend(data, offset, options, info, dbg));
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status = target()->Truncate(size, options, dbg);
    // RocksDB truncates a file to its own length when it closes it, to give back space that it
    // reserved; only a change of length is news.
    if (status.ok() && size != end_) {
      log_->Truncate(file_, size);
      end_ = size;
    }
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* dbg) override {
    return Synced(target()->Sync(options, dbg));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Synced(target()->Fsync(options, dbg));
  }

 private:
  IOStatus Written(const Slice& data, std::uint64_t offset, IOStatus status) {
    if (!status.ok()) return status;
    log_->Write(file_, offset, data.ToStringView());
    end_ = offset + data.size();
    return status;
  }
  IOStatus Appended(const Slice& data, IOStatus status) {
    return Written(data, end_, std::move(status));
  }
  IOStatus Synced(IOStatus status) {
    if (status.ok()) log_->Sync(file_);
    return status;
  }

  const std::shared_ptr<DiskLog> log_;
  const FileId file_;
  std::uint64_t end_;
};

class RecordingRandomRWFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  RecordingRandomRWFile(std::unique_ptr<rocksdb::FSRandomRWFile> below,
                        std::shared_ptr<DiskLog> log, FileId file)
      : FSRandomRWFileOwnerWrapper(std::move(below)), log_(std::move(log)), file_(file) {}

  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions& options,
                 IODebugContext* dbg) override {
    IOStatus status = FSRandomRWFileOwnerWrapper::Write(offset, data, options, dbg);
    if (status.ok()) log_->Write(file_, offset, data.ToStringView());
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status = FSRandomRWFileOwnerWrapper::Sync(options, dbg);
    if (status.ok()) log_->Sync(file_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status = FSRandomRWFileOwnerWrapper::Fsync(options, dbg);
    if (status.ok()) log_->Sync(file_);
    return status;
  }

 private:
  const std::shared_ptr<DiskLog> log_;
  const FileId file_;
};

class RecordingDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  RecordingDirectory(std::unique_ptr<rocksdb::FSDirectory> below, std::shared_ptr<DiskLog> log,
                     std::string path)
      : FSDirectoryWrapper(std::move(below)), log_(std::move(log)), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status = FSDirectoryWrapper::Fsync(options, dbg);
    if (status.ok()) log_->SyncFolder(path_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* dbg,
                               const rocksdb::DirFsyncOptions& how) override {
    IOStatus status = FSDirectoryWrapper::FsyncWithDirOptions(options, dbg, how);
    if (status.ok()) log_->SyncFolder(path_);
    return status;
  }

 private:
  const std::shared_ptr<DiskLog> log_;
  const std::string path_;
};

class RecordingLogger final : public rocksdb::Logger {
 public:
  explicit RecordingLogger(std::unique_ptr<rocksdb::FSWritableFile> file)
      : file_(std::move(file)) {}
  ~RecordingLogger() override { file_->Close(IOOptions(), nullptr).PermitUncheckedError(); }

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    char line[4096];  // A longer line is cut; no test looks for the end of one.
    const int length = std::vsnprintf(line, sizeof(line) - 1, format, arguments);
    LETHE_CHECK(length >= 0);
    std::string text(line);
    text += '\n';
    absl::MutexLock lock(&mutex_);
    size_bytes_ += text.size();
    LETHE_CHECK(file_->Append(text, IOOptions(), nullptr).ok());
  }
  std::size_t GetLogFileSize() const override {
    absl::MutexLock lock(&mutex_);
    return size_bytes_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::size_t size_bytes_ = 0;
  const std::unique_ptr<rocksdb::FSWritableFile> file_;
};

}  // namespace

std::unique_ptr<rocksdb::FSWritableFile> NewRecordingWritableFile(
    std::unique_ptr<rocksdb::FSWritableFile> below, std::shared_ptr<DiskLog> log, FileId file,
    std::uint64_t size_bytes) {
  return std::make_unique<RecordingWritableFile>(std::move(below), std::move(log), file,
                                                 size_bytes);
}

std::unique_ptr<rocksdb::FSRandomRWFile> NewRecordingRandomRWFile(
    std::unique_ptr<rocksdb::FSRandomRWFile> below, std::shared_ptr<DiskLog> log, FileId file) {
  return std::make_unique<RecordingRandomRWFile>(std::move(below), std::move(log), file);
}

std::unique_ptr<rocksdb::FSDirectory> NewRecordingDirectory(
    std::unique_ptr<rocksdb::FSDirectory> below, std::shared_ptr<DiskLog> log, std::string path) {
  return std::make_unique<RecordingDirectory>(std::move(below), std::move(log), std::move(path));
}

std::shared_ptr<rocksdb::Logger> NewRecordingLogger(std::unique_ptr<rocksdb::FSWritableFile> file) {
  return std::make_shared<RecordingLogger>(std::move(file));
}

}  // namespace lethe::test
