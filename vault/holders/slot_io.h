// The bytes of a slot on their way to and from a SlotFile, before any factor has opened them.
#ifndef LETHE_VAULT_HOLDERS_SLOT_IO_H_
#define LETHE_VAULT_HOLDERS_SLOT_IO_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "vault/holders/file_holder.h"
#include "vault/holders/slot.h"

namespace lethe::vault::holders {

// The bytes of one slot, wiped: they hold a root.
class SlotBytes {
 public:
  SlotBytes() = default;
  ~SlotBytes() { Wipe(bytes_); }
  SlotBytes(const SlotBytes&) = delete;
  SlotBytes& operator=(const SlotBytes&) = delete;

  MutableBytes span() { return bytes_; }

 private:
  std::array<std::uint8_t, kSlotBytes> bytes_{};
};

// INTERNAL: a holder did not keep what was written to its slot.
absl::Status NotWritten();

// UNAVAILABLE (kHolderUnreachable), and DecodeSealedSlot's.
absl::StatusOr<SealedSlot> ReadSealed(SlotFile& file, int slot);

// Writes, syncs, and compares with what the device gives back. UNAVAILABLE (kHolderUnreachable):
// the file is silent. INTERNAL.
absl::Status WriteAndReadBack(SlotFile& file, int slot, SlotBytes& bytes);

// Overwrites both slots with zeros, unless one is of another vault or a later owner. False: what
// was there may still be.
bool Overwrite(SlotFile& file, const SlotContent& current);

// By the heads of the slots alone: whether a factor would open them is not asked. ReadSealed's.
absl::StatusOr<Standing> StandingIn(SlotFile& file, const SlotContent& current);

// The file may be overwritten to hold `current`: it is a holder's of this vault, whose roots no
// later owner wrote, or is empty. FAILED_PRECONDITION (kHolderNeeded).
absl::Status CheckFit(SlotFile& file, const SlotContent& current);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_SLOT_IO_H_
