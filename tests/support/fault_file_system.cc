#include "tests/support/fault_file_system.h"

#include <string>
#include <utility>

#include "rocksdb/file_system.h"

namespace lethe::test {
namespace {

using rocksdb::DataVerificationInfo;
using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;
using Kind = FaultPlan::Kind;

IOStatus Injected() { return IOStatus::IOError("injected fault"); }

class FaultWritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultWritableFile(std::unique_ptr<rocksdb::FSWritableFile> below, std::shared_ptr<FaultPlan> plan,
                    std::string path)
      : FSWritableFileOwnerWrapper(std::move(below)),
        plan_(std::move(plan)),
        path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kWrite, path_)) return Injected();
    return target()->Append(data, options, dbg);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const DataVerificationInfo& info,
                  IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kWrite, path_)) return Injected();
    return target()->Append(data, options, info, dbg);
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kWrite, path_)) return Injected();
    return target()->PositionedAppend(data, offset, options, dbg);
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            const DataVerificationInfo& info, IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kWrite, path_)) return Injected();
    return target()->PositionedAppend(data, offset, options, info, dbg);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kSync, path_)) return Injected();
    return target()->Sync(options, dbg);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kSync, path_)) return Injected();
    return target()->Fsync(options, dbg);
  }

 private:
  const std::shared_ptr<FaultPlan> plan_;
  const std::string path_;
};

class FaultFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultFileSystem(std::shared_ptr<FaultPlan> plan, std::shared_ptr<rocksdb::FileSystem> below)
      : FileSystemWrapper(below), plan_(std::move(plan)) {}

  const char* Name() const override { return "FaultFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kCreate, path)) return Injected();
    IOStatus status = target()->NewWritableFile(path, options, file, dbg);
    if (status.ok()) Wrap(path, file);
    return status;
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                              IODebugContext* dbg) override {
    IOStatus status = target()->ReopenWritableFile(path, options, file, dbg);
    if (status.ok()) Wrap(path, file);
    return status;
  }
  IOStatus ReuseWritableFile(const std::string& path, const std::string& old_path,
                             const FileOptions& options,
                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                             IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kRename, path)) return Injected();
    IOStatus status = target()->ReuseWritableFile(path, old_path, options, file, dbg);
    if (status.ok()) Wrap(path, file);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* dbg) override {
    if (plan_->Fails(Kind::kRename, to)) return Injected();
    return target()->RenameFile(from, to, options, dbg);
  }
  IOStatus GetFreeSpace(const std::string& path, const IOOptions& options,
                        std::uint64_t* free_bytes, IODebugContext* dbg) override {
    const std::optional<std::uint64_t> planned = plan_->FreeBytes();
    if (!planned.has_value()) return target()->GetFreeSpace(path, options, free_bytes, dbg);
    *free_bytes = *planned;
    return IOStatus::OK();
  }

 private:
  void Wrap(const std::string& path, std::unique_ptr<rocksdb::FSWritableFile>* file) {
    *file = std::make_unique<FaultWritableFile>(std::move(*file), plan_, path);
  }

  const std::shared_ptr<FaultPlan> plan_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> NewFaultFileSystem(
    std::shared_ptr<FaultPlan> plan, std::shared_ptr<rocksdb::FileSystem> below) {
  if (below == nullptr) below = rocksdb::FileSystem::Default();
  return std::make_shared<FaultFileSystem>(std::move(plan), std::move(below));
}

}  // namespace lethe::test
