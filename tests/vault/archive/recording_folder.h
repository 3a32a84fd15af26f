// An AppendFolder that tells a DiskLog what is done to it, at paths below `path`.
#ifndef LETHE_TESTS_VAULT_ARCHIVE_RECORDING_FOLDER_H_
#define LETHE_TESTS_VAULT_ARCHIVE_RECORDING_FOLDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "tests/support/disk_log.h"
#include "tests/vault/archive/forwarding_folder.h"
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
  absl::Status CheckThere(std::uint64_t size) const override { return below_->CheckThere(size); }

 private:
  const std::unique_ptr<AppendFile> below_;
  const std::shared_ptr<DiskLog> log_;
  const FileId file_;
  std::uint64_t end_;
};

class RecordingFolder final : public ForwardingFolder {
 public:
  RecordingFolder(std::unique_ptr<AppendFolder> below, std::shared_ptr<DiskLog> log,
                  std::string path)
      : ForwardingFolder(std::move(below)), log_(std::move(log)), path_(std::move(path)) {}

  absl::StatusOr<std::unique_ptr<File>> Create(const std::string& name) override {
    LETHE_ASSIGN(std::unique_ptr<File> file, ForwardingFolder::Create(name));
    const FileId id = log_->Create(path_ + "/" + name);
    return std::make_unique<RecordingAppendFile>(std::move(file), log_, id, 0);
  }
  absl::StatusOr<std::unique_ptr<File>> OpenCutTo(const std::string& name,
                                                  std::uint64_t size) override {
    LETHE_ASSIGN(std::unique_ptr<File> file, ForwardingFolder::OpenCutTo(name, size));
    const FileId id = log_->Open(path_ + "/" + name);
    log_->Truncate(id, size);
    return std::make_unique<RecordingAppendFile>(std::move(file), log_, id, size);
  }
  absl::Status Sync() override {
    LETHE_TRY(ForwardingFolder::Sync());
    log_->SyncFolder(path_);
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<DiskLog> log_;
  const std::string path_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_ARCHIVE_RECORDING_FOLDER_H_
