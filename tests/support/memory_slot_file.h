// Slot files in memory. Several holders opened one after another may share one SlotDisk, as
// processes share a disk.
#ifndef LETHE_TESTS_SUPPORT_MEMORY_SLOT_FILE_H_
#define LETHE_TESTS_SUPPORT_MEMORY_SLOT_FILE_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "vault/holders/file_holder.h"

namespace lethe::test {

// What a test sets while the committer's thread looks; copied like the value that it is.
template <typename T>
struct Told {
  Told(T value = T()) : set(value) {}  // NOLINT(google-explicit-constructor)
  Told(const Told& other) : set(other.set.load()) {}
  Told& operator=(const Told& other) {
    set = other.set.load();
    return *this;
  }
  operator T() const { return set; }  // NOLINT(google-explicit-constructor)

  std::atomic<T> set;
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
  Told<bool> moved = false;
  std::shared_ptr<SlotDisk> at_path;
  // When it was last changed, by whomever; 0: it does not say, and nobody looks into it.
  Told<std::int64_t> change_time;

  // What `cp` does to it: the same file, other bytes.
  void Overwrite(const std::string& with) {
    bytes = with;
    change_time = change_time + 1;
  }
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
    if (disk_->change_time != 0) disk_->change_time = disk_->change_time + 1;
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
  std::optional<vault::holders::LastChange> FindLastChange() const override {
    const std::int64_t time = disk_->change_time;
    if (time == 0) return std::nullopt;
    return vault::holders::LastChange{.time = time, .settled = true};
  }
  absl::StatusOr<vault::holders::PlacedFile> OpenAtPath() const override {
    if (disk_->moved && disk_->at_path == nullptr) return SlotFile::OpenAtPath();
    vault::holders::PlacedFile placed;
    placed.same = !disk_->moved;
    placed.file = std::make_unique<MemorySlotFile>(placed.same ? disk_ : disk_->at_path);
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
