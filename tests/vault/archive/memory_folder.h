// An AppendFolder in memory that knows what was synced, so that a test can cut the power. Archives
// opened one after another may share one FolderDisk, as processes share a disk. Thread-safe.
#ifndef LETHE_TESTS_VAULT_ARCHIVE_MEMORY_FOLDER_H_
#define LETHE_TESTS_VAULT_ARCHIVE_MEMORY_FOLDER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "vault/archive/append_file.h"

namespace lethe::test {

struct FolderDisk {
  struct File {
    std::string bytes;
    std::size_t synced_bytes = 0;
  };
  absl::Mutex mutex;
  std::map<std::string, File> files;
  int appends = 0;
  int syncs = 0;
  std::uint64_t free_bytes = std::uint64_t{1} << 40;
  // Asked before the operation, without the mutex; a status other than OK is its answer.
  std::function<absl::Status()> before_append = [] { return absl::OkStatus(); };
  std::function<absl::Status()> before_sync = [] { return absl::OkStatus(); };
  std::function<absl::Status()> before_open = [] { return absl::OkStatus(); };

  // Whether whoever opens its path gets this folder.
  std::atomic<bool> there = true;

  void LosePower() {
    absl::MutexLock lock(&mutex);
    for (auto& [name, file] : files) file.bytes.resize(file.synced_bytes);
  }
  int SyncCount() {
    absl::MutexLock lock(&mutex);
    return syncs;
  }
  // What an outsider compares: names and bytes.
  std::map<std::string, std::string> Image() {
    absl::MutexLock lock(&mutex);
    std::map<std::string, std::string> image;
    for (const auto& [name, file] : files) image[name] = file.bytes;
    return image;
  }
};

class MemoryAppendFile final : public vault::archive::AppendFile {
 public:
  MemoryAppendFile(std::shared_ptr<FolderDisk> disk, std::string name)
      : disk_(std::move(disk)), name_(std::move(name)) {}

  absl::Status Append(Bytes bytes) override {
    if (absl::Status status = disk_->before_append(); !status.ok()) return status;
    absl::MutexLock lock(&disk_->mutex);
    ++disk_->appends;
    disk_->files[name_].bytes.append(AsText(bytes));
    return absl::OkStatus();
  }
  absl::Status Sync() override {
    if (absl::Status status = disk_->before_sync(); !status.ok()) return status;
    absl::MutexLock lock(&disk_->mutex);
    ++disk_->syncs;
    FolderDisk::File& file = disk_->files[name_];
    file.synced_bytes = file.bytes.size();
    return absl::OkStatus();
  }
  absl::Status CheckThere(std::uint64_t size) const override {
    absl::MutexLock lock(&disk_->mutex);
    if (disk_->files.at(name_).bytes.size() >= size) return absl::OkStatus();
    return absl::FailedPreconditionError("injected: it is too short");
  }

 private:
  const std::shared_ptr<FolderDisk> disk_;
  const std::string name_;
};

class MemoryFolder final : public vault::archive::AppendFolder {
 public:
  explicit MemoryFolder(std::shared_ptr<FolderDisk> disk) : disk_(std::move(disk)) {}

  absl::StatusOr<std::vector<std::string>> List() const override {
    absl::MutexLock lock(&disk_->mutex);
    std::vector<std::string> names;
    for (const auto& [name, file] : disk_->files) names.push_back(name);
    return names;
  }
  absl::StatusOr<std::unique_ptr<vault::archive::AppendFile>> Create(
      const std::string& name) override {
    if (absl::Status status = disk_->before_open(); !status.ok()) return status;
    absl::MutexLock lock(&disk_->mutex);
    if (!disk_->files.try_emplace(name).second) return absl::AlreadyExistsError("a file is there");
    return std::make_unique<MemoryAppendFile>(disk_, name);
  }
  absl::StatusOr<std::unique_ptr<vault::archive::AppendFile>> OpenCutTo(
      const std::string& name, std::uint64_t size) override {
    if (absl::Status status = disk_->before_open(); !status.ok()) return status;
    absl::MutexLock lock(&disk_->mutex);
    disk_->files.at(name).bytes.resize(size);
    return std::make_unique<MemoryAppendFile>(disk_, name);
  }
  absl::Status Sync() override { return absl::OkStatus(); }
  absl::StatusOr<std::uint64_t> SizeOf(const std::string& name) const override {
    absl::MutexLock lock(&disk_->mutex);
    return disk_->files.at(name).bytes.size();
  }
  absl::StatusOr<std::string> Read(const std::string& name, std::uint64_t offset,
                                   std::size_t size) const override {
    absl::MutexLock lock(&disk_->mutex);
    const std::string& bytes = disk_->files.at(name).bytes;
    return offset >= bytes.size() ? std::string() : bytes.substr(offset, size);
  }
  absl::StatusOr<std::string> ReadPastCache(const std::string& name, std::uint64_t offset,
                                            std::size_t size) const override {
    return Read(name, offset, size);
  }
  absl::Status CheckThere() const override {
    if (disk_->there) return absl::OkStatus();
    return absl::FailedPreconditionError("injected: it is gone");
  }
  absl::StatusOr<std::uint64_t> FreeBytes() const override { return disk_->free_bytes; }

 private:
  const std::shared_ptr<FolderDisk> disk_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_ARCHIVE_MEMORY_FOLDER_H_
