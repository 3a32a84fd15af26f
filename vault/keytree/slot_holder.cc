#include "vault/keytree/slot_holder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/keytree/slot.h"

namespace lethe::vault::keytree {
namespace {

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

std::uint64_t OffsetOf(int slot) {
  LETHE_CHECK(slot >= 0 && slot < kSlotsPerHolder);
  return static_cast<std::uint64_t>(slot) * kSlotDistanceBytes;
}

absl::Status NotWritten() {
  return Refuse(Reason::kInternal, "a holder did not keep what was written to its slot");
}

class SlotHolder final : public Holder {
 public:
  SlotHolder(std::unique_ptr<SlotFile> file, std::string name, AssuranceProbe probe)
      : file_(std::move(file)), name_(std::move(name)), probe_(std::move(probe)) {}

  std::string name() const override { return name_; }

  absl::StatusOr<std::array<Slot, kSlotsPerHolder>> ReadSlots() override {
    std::array<Slot, kSlotsPerHolder> slots;
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      SlotBytes bytes;
      if (!file_->ReadPastCache(OffsetOf(slot), bytes.span()).ok()) {
        return Refuse(Reason::kHolderUnreachable, "a holder's slots cannot be read");
      }
      LETHE_ASSIGN(slots[slot], DecodeSlot(bytes.span()));
    }
    return slots;
  }

  absl::Status WriteSlot(int slot, const SlotContent& content) override {
    SlotBytes bytes;
    EncodeSlot(content, bytes.span());
    return WriteAndReadBack(slot, bytes);
  }

  absl::Status DestroySlot(int slot) override {
    SlotBytes zeros;
    return WriteAndReadBack(slot, zeros);
  }

  absl::Status DestroyStrays() override { return absl::OkStatus(); }
  std::vector<std::string> factors() const override { return {"file"}; }
  std::optional<ServiceKey> outer_key() const override { return std::nullopt; }
  absl::Status RenewOuter(KeyService& /*service*/, Random& /*random*/) override {
    return Refuse(Reason::kKeyNotRotated, "this holder has no outer part");
  }
  void DropRenewedOuter() override {}

  Assurance CheckAssurance(std::string* why) override { return probe_(why); }

 private:
  absl::Status WriteAndReadBack(int slot, SlotBytes& bytes) {
    const std::uint64_t offset = OffsetOf(slot);
    const absl::Status written = file_->Write(offset, bytes.span());
    // Silent is not broken, and the committer asks again. A part may have been written all the
    // same: the slot is torn then, and the next call finds that and writes or destroys it anew.
    if (absl::IsUnavailable(written)) {
      return Refuse(Reason::kHolderUnreachable, "a holder's slots cannot be written");
    }
    if (!written.ok() || !file_->Sync().ok()) return NotWritten();
    SlotBytes found;
    if (!file_->ReadPastCache(offset, found.span()).ok()) return NotWritten();
    return ConstantTimeEquals(found.span(), bytes.span()) ? absl::OkStatus() : NotWritten();
  }

  const std::unique_ptr<SlotFile> file_;
  const std::string name_;
  const AssuranceProbe probe_;
};

}  // namespace

std::unique_ptr<Holder> NewSlotHolder(std::unique_ptr<SlotFile> file, std::string name,
                                      AssuranceProbe probe) {
  return std::make_unique<SlotHolder>(std::move(file), std::move(name), std::move(probe));
}

std::unique_ptr<Holder> NewHolderOn(std::unique_ptr<SlotFile> file, std::string name,
                                    Assurance assurance) {
  return NewSlotHolder(std::move(file), std::move(name), [assurance](std::string* why) {
    why->clear();
    return assurance;
  });
}

}  // namespace lethe::vault::keytree
