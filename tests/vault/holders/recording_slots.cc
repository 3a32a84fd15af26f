#include "tests/vault/holders/recording_slots.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "vault/holders/slot.h"
#include "vault/holders/slot_holder.h"

namespace lethe::test {
namespace {

using vault::holders::kSlotBytes;
using vault::holders::kSlotsPerHolder;

constexpr char kSlotName[] = "/slot-";

int SlotAt(std::uint64_t offset) { return offset < vault::holders::kSlotDistanceBytes ? 0 : 1; }

std::string Load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void Store(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  LETHE_CHECK(out.good());
}

}  // namespace

RecordingSlotFile::RecordingSlotFile(const std::string& folder, std::shared_ptr<DiskLog> log)
    : folder_(folder), log_(std::move(log)) {
  std::filesystem::create_directories(folder_);
  for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
    if (!std::filesystem::exists(PathIn(folder_, slot))) MakeFile(slot);
  }
}

void RecordingSlotFile::MakeFile(int slot) {
  const std::string path = PathIn(folder_, slot);
  const std::string zeros(kSlotBytes, '\0');
  Store(path, zeros);
  if (log_ == nullptr) return;
  log_->MakeFolder(folder_);
  const FileId file = log_->Create(path);
  log_->Write(file, 0, zeros);
  log_->Sync(file);
  log_->SyncFolder(folder_);
}

absl::Status RecordingSlotFile::Write(std::uint64_t offset, Bytes bytes) {
  LETHE_CHECK(bytes.size() == kSlotBytes);
  const std::string path = PathIn(folder_, SlotAt(offset));
  Store(path, std::string(AsText(bytes)));
  if (log_ != nullptr) log_->Write(log_->Open(path), 0, AsText(bytes));
  return absl::OkStatus();
}

absl::Status RecordingSlotFile::Sync() {
  for (int slot = 0; slot < kSlotsPerHolder && log_ != nullptr; ++slot) {
    log_->Sync(log_->Open(PathIn(folder_, slot)));
  }
  return absl::OkStatus();
}

absl::Status RecordingSlotFile::ReadPastCache(std::uint64_t offset, MutableBytes out) {
  const std::string content = Load(PathIn(folder_, SlotAt(offset)));
  if (content.size() < out.size()) return absl::DataLossError("a slot is too short");
  std::copy_n(content.begin(), out.size(), out.begin());
  return absl::OkStatus();
}

std::string RecordingSlotFile::PathIn(const std::string& folder, int slot) {
  return folder + kSlotName + std::to_string(slot);
}

bool RecordingSlotFile::IsSlot(const std::string& path) {
  return path.find(kSlotName) != std::string::npos;
}

std::unique_ptr<vault::holders::Holder> RecordingHolder(const std::string& folder,
                                                        std::shared_ptr<DiskLog> log,
                                                        std::string name) {
  return vault::holders::NewHolderOn(std::make_unique<RecordingSlotFile>(folder, std::move(log)),
                                     std::move(name), vault::Assurance::kTest);
}

std::string SlotBytesIn(const std::string& folder) {
  return Load(RecordingSlotFile::PathIn(folder, 0)) + Load(RecordingSlotFile::PathIn(folder, 1));
}

}  // namespace lethe::test
