// The slots of a holder in two real files that tell a DiskLog what is done to them. Two files and
// not one, because a disk may keep the one slot's unsynced bytes and lose the other's: they lie a
// megabyte apart.
#ifndef LETHE_TESTS_VAULT_HOLDERS_RECORDING_SLOTS_H_
#define LETHE_TESTS_VAULT_HOLDERS_RECORDING_SLOTS_H_

#include <array>
#include <memory>
#include <string>

#include "tests/support/disk_log.h"
#include "vault/holders/file_holder.h"

namespace lethe::test {

class RecordingSlotFile final : public vault::holders::SlotFile {
 public:
  // In `folder`, which is made if absent, as are the files. `log` may be null: nothing is told.
  RecordingSlotFile(const std::string& folder, std::shared_ptr<DiskLog> log);

  absl::Status Write(std::uint64_t offset, Bytes bytes) override;
  absl::Status Sync() override;
  absl::Status ReadPastCache(std::uint64_t offset, MutableBytes out) override;

  // The file of slot 0 or 1.
  static std::string PathIn(const std::string& folder, int slot);
  static bool IsSlot(const std::string& path);

 private:
  void MakeFile(int slot);

  const std::string folder_;
  const std::shared_ptr<DiskLog> log_;
};

// A holder on such files.
std::unique_ptr<vault::holders::Holder> RecordingHolder(const std::string& folder,
                                                        std::shared_ptr<DiskLog> log,
                                                        std::string name = "file-1");

// Both slots as they are now in `folder`, byte for byte.
std::string SlotBytesIn(const std::string& folder);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_HOLDERS_RECORDING_SLOTS_H_
