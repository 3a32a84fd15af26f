// Slot files in memory. Several holders opened one after another may share one SlotDisk, as
// processes share a disk.
#ifndef LETHE_TESTS_SUPPORT_MEMORY_SLOT_FILE_H_
#define LETHE_TESTS_SUPPORT_MEMORY_SLOT_FILE_H_

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include "vault/holders/file_holder.h"

namespace lethe::test {

// One that a test sets while the committer's thread looks; copied like the bool that it is.
struct Flag {
  Flag(bool value = false) : set(value) {}  // NOLINT(google-explicit-constructor)
  Flag(const Flag& other) : set(other.set.load()) {}
  Flag& operator=(const Flag& other) {
    set = other.set.load();
    return *this;
  }
  operator bool() const { return set; }  // NOLINT(google-explicit-constructor)

  std::atomic<bool> set;
};

// The bytes of one slot file, and what happens to calls on it.
struct SlotDisk {
  std::string bytes = std::string((1u << 20) + (64u << 10), '\0');
  int syncs = 0;
  int writes = 0;
  // Asked before every call; a status other than OK is the answer and nothing is done.
  std::function<absl::Status()> before_write = [] { return absl::OkStatus(); };
  // When before_write refuses, this many bytes reach the disk all the same: a torn write.
  std::size_t torn_bytes = 0;
  std::function<absl::Status()> before_read = [] { return absl::OkStatus(); };
  // It is not at its path any more, but `at_path` is; null: nothing can be opened there.
  Flag moved = false;
  std::shared_ptr<SlotDisk> at_path;
};

class MemorySlotFile final : public vault::holders::SlotFile {
 public:
  explicit MemorySlotFile(std::shared_ptr<SlotDisk> disk) : disk_(std::move(disk)) {}

  absl::Status Write(std::uint64_t offset, Bytes bytes) override {
    if (absl::Status status = disk_->before_write(); !status.ok()) {
      std::memcpy(disk_->bytes.data() + offset, bytes.data(),
                  std::min(disk_->torn_bytes, bytes.size()));
      return status;
    }
    ++disk_->writes;
    std::memcpy(disk_->bytes.data() + offset, bytes.data(), bytes.size());
    return absl::OkStatus();
  }
  absl::Status Sync() override {
    ++disk_->syncs;
    return absl::OkStatus();
  }
  absl::Status ReadPastCache(std::uint64_t offset, MutableBytes out) override {
    if (absl::Status status = disk_->before_read(); !status.ok()) return status;
    std::memcpy(out.data(), disk_->bytes.data() + offset, out.size());
    return absl::OkStatus();
  }
  absl::Status CheckPath() const override {
    return disk_->moved ? absl::FailedPreconditionError("something else stands at its path")
                        : absl::OkStatus();
  }
  absl::StatusOr<vault::holders::PlacedFile> OpenAtPath() const override {
    if (disk_->at_path == nullptr) return SlotFile::OpenAtPath();
    vault::holders::PlacedFile placed;
    placed.file = std::make_unique<MemorySlotFile>(disk_->at_path);
    placed.probe = [](std::string*) { return vault::Assurance::kTest; };
    return placed;
  }

 private:
  std::shared_ptr<SlotDisk> disk_;
};

inline std::unique_ptr<vault::holders::Holder> HolderOn(
    std::shared_ptr<SlotDisk> disk, std::string name = "file-1",
    vault::Assurance assurance = vault::Assurance::kTest) {
  return vault::holders::NewHolderOn(std::make_unique<MemorySlotFile>(std::move(disk)),
                                     std::move(name), assurance);
}

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_MEMORY_SLOT_FILE_H_
