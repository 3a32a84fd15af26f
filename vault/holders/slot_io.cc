#include "vault/holders/slot_io.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/holders/slot_holder.h"

namespace lethe::vault::holders {
namespace {

std::uint64_t OffsetOf(int slot) {
  LETHE_CHECK(slot >= 0 && slot < kSlotsPerHolder);
  return static_cast<std::uint64_t>(slot) * kSlotDistanceBytes;
}

absl::Status Unfit(std::string_view why) {
  return Refuse(Reason::kHolderNeeded,
                absl::StrFormat("the file at the holder's path %s: move it away and rejoin again, "
                                "which makes a new file",
                                why),
                "holder");
}

// A root in it is one of this vault's, and no later owner's than ours.
absl::Status CheckOurs(const SealedSlot& sealed, const SlotContent& current) {
  if (sealed.state != Slot::State::kWhole) return absl::OkStatus();
  if (sealed.head.vault != current.vault) return Unfit("is another vault's holder");
  if (sealed.head.owner_epoch > current.owner_epoch) return Unfit("has another server's root");
  return absl::OkStatus();
}

}  // namespace

absl::Status NotWritten() {
  return Refuse(Reason::kInternal, "a holder did not keep what was written to its slot");
}

absl::StatusOr<SealedSlot> ReadSealed(SlotFile& file, int slot) {
  SlotBytes bytes;
  if (!file.ReadPastCache(OffsetOf(slot), bytes.span()).ok()) {
    return Refuse(Reason::kHolderUnreachable, "a holder's slots cannot be read");
  }
  return DecodeSealedSlot(bytes.span());
}

absl::Status WriteAndReadBack(SlotFile& file, int slot, SlotBytes& bytes) {
  const std::uint64_t offset = OffsetOf(slot);
  const absl::Status written = file.Write(offset, bytes.span());
  // Silent is not broken, and the committer asks again. A part may have been written all the
  // same: the slot is torn then, and the next call finds that and writes or destroys it anew.
  if (absl::IsUnavailable(written)) {
    return Refuse(Reason::kHolderUnreachable, "a holder's slots cannot be written");
  }
  if (!written.ok() || !file.Sync().ok()) return NotWritten();
  SlotBytes found;
  if (!file.ReadPastCache(offset, found.span()).ok()) return NotWritten();
  return ConstantTimeEquals(found.span(), bytes.span()) ? absl::OkStatus() : NotWritten();
}

bool Overwrite(SlotFile& file, const SlotContent& current) {
  for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
    const absl::StatusOr<SealedSlot> sealed = ReadSealed(file, slot);
    if (sealed.ok() && !CheckOurs(*sealed, current).ok()) return false;
  }
  bool overwritten = true;
  for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
    SlotBytes zeros;
    overwritten = WriteAndReadBack(file, slot, zeros).ok() && overwritten;
  }
  return overwritten;
}

absl::StatusOr<Standing> StandingIn(SlotFile& file, const SlotContent& current) {
  std::array<Slot, kSlotsPerHolder> heads;
  for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
    LETHE_ASSIGN(SealedSlot sealed, ReadSealed(file, slot));
    heads[slot].state = sealed.state;
    heads[slot].content = std::move(sealed.head);
  }
  return StandingOf(heads, current);
}

absl::Status CheckFit(SlotFile& file, const SlotContent& current) {
  bool any_torn = false;
  bool any_whole = false;
  for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
    LETHE_ASSIGN(const SealedSlot sealed, ReadSealed(file, slot));
    any_torn = any_torn || sealed.state == Slot::State::kTorn;
    if (sealed.state != Slot::State::kWhole) continue;
    any_whole = true;
    LETHE_TRY(CheckOurs(sealed, current));
  }
  return any_torn && !any_whole ? Unfit("is not a holder's") : absl::OkStatus();
}

}  // namespace lethe::vault::holders
