// An AppendFolder that tells a DiskLog what is done to it, at paths below `path`.
#ifndef LETHE_TESTS_VAULT_RECORDING_FOLDER_H_
#define LETHE_TESTS_VAULT_RECORDING_FOLDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "tests/support/disk_log.h"
#include "vault/archive/append_file.h"

namespace lethe::test {

class RecordingAppendFile final : public vault::archive::AppendFile {
 public:
  RecordingAppendFile(std::unique_ptr<AppendFile> below, std::shared_ptr<DiskLog> log, FileId file,
                      std::uint64_t end)
      : below_(std::move(below)), log_(std::move(log)), file_(file), end_(end) {}

  absl::Status Append(Bytes bytes) override {
    LETHE_TRY(below_->Append(bytes));
    log_->Write(file_, end_, AsText(bytes));
    end_ += bytes.size();
    return absl::OkStatus();
  }
  absl::Status Sync() override {
    LETHE_TRY(below_->Sync());
    log_->Sync(file_);
    return absl::OkStatus();
  }

 private:
  const std::unique_ptr<AppendFile> below_;
  const std::shared_ptr<DiskLog> log_;
  const FileId file_;
  std::uint64_t end_;
};

class RecordingFolder final : public vault::archive::AppendFolder {
 public:
  using File = vault::archive::AppendFile;

  RecordingFolder(std::unique_ptr<AppendFolder> below, std::shared_ptr<DiskLog> log,
                  std::string path)
      : below_(std::move(below)), log_(std::move(log)), path_(std::move(path)) {}

  absl::StatusOr<std::vector<std::string>> List() const override { return below_->List(); }
  absl::StatusOr<std::unique_ptr<File>> Create(const std::string& name) override {
    LETHE_ASSIGN(std::unique_ptr<File> file, below_->Create(name));
    const FileId id = log_->Create(path_ + "/" + name);
    return std::make_unique<RecordingAppendFile>(std::move(file), log_, id, 0);
  }
  absl::StatusOr<std::unique_ptr<File>> OpenCutTo(const std::string& name,
                                                  std::uint64_t size) override {
    LETHE_ASSIGN(std::unique_ptr<File> file, below_->OpenCutTo(name, size));
    const FileId id = log_->Open(path_ + "/" + name);
    log_->Truncate(id, size);
    return std::make_unique<RecordingAppendFile>(std::move(file), log_, id, size);
  }
  absl::Status Sync() override {
    LETHE_TRY(below_->Sync());
    log_->SyncFolder(path_);
    return absl::OkStatus();
  }
  absl::StatusOr<std::uint64_t> SizeOf(const std::string& name) const override {
    return below_->SizeOf(name);
  }
  absl::StatusOr<std::string> Read(const std::string& name, std::uint64_t offset,
                                   std::size_t size) const override {
    return below_->Read(name, offset, size);
  }
  absl::StatusOr<std::string> ReadPastCache(const std::string& name, std::uint64_t offset,
                                            std::size_t size) const override {
    return below_->ReadPastCache(name, offset, size);
  }
  absl::StatusOr<std::uint64_t> FreeBytes() const override { return below_->FreeBytes(); }

 private:
  const std::unique_ptr<AppendFolder> below_;
  const std::shared_ptr<DiskLog> log_;
  const std::string path_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_RECORDING_FOLDER_H_
