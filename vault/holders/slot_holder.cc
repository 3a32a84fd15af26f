#include "vault/holders/slot_holder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/holders/outer_seal.h"
#include "vault/holders/slot.h"

namespace lethe::vault::holders {
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

// Shares are combined as they are split.
Secret Xor(const Secret& a, const Secret& b) {
  Secret out = a.Clone();
  const MutableBytes bytes = out.RevealMutable();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ b.Reveal()[i]);
  }
  return out;
}

class SlotHolder final : public Holder {
 public:
  SlotHolder(std::unique_ptr<SlotFile> file, std::string name, AssuranceProbe probe,
             std::unique_ptr<Factor> factor, std::vector<KeyService*> services)
      : file_(std::move(file)),
        name_(std::move(name)),
        probe_(std::move(probe)),
        factor_(std::move(factor)),
        outer_seal_(std::move(services)) {}

  std::string name() const override { return name_; }

  absl::StatusOr<std::array<Slot, kSlotsPerHolder>> ReadSlots() override {
    std::array<Slot, kSlotsPerHolder> slots;
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      LETHE_ASSIGN(const SealedSlot sealed, ReadSealed(slot));
      LETHE_ASSIGN(slots[slot], Unseal(slot, sealed));
      shown_[slot] = sealed.head.root_commitment;
    }
    outer_seal_.ForgetUnused();
    return slots;
  }

  absl::Status WriteSlot(int slot, const SlotContent& content) override {
    LETHE_CHECK(crypto::Commit(content.root) == content.root_commitment);
    vault_ = content.vault;
    // A root that moves keeps its outer part, and so does a fresh one but in a step of the horizon.
    const int beside = 1 - slot;
    const bool fresh = shown_[beside] != content.root_commitment;
    const OuterSharePtr outer = fresh && renewed_ != nullptr ? renewed_ : outer_[beside];
    const Secret share = outer == nullptr ? content.root.Clone() : Xor(content.root, outer->share);
    std::vector<SlotPart> parts;
    LETHE_ASSIGN(SlotPart inner, factor_->Keep(content, share));
    parts.push_back(std::move(inner));
    if (outer != nullptr) parts.emplace_back(PartType::kService, AsBytes(outer->part));
    SlotBytes bytes;
    EncodeSlot(content, parts, bytes.span());
    return WriteAndReadBack(slot, bytes);
  }

  absl::Status DestroySlot(int slot) override {
    SlotBytes zeros;
    return WriteAndReadBack(slot, zeros);
  }

  absl::Status DestroyStrays() override {
    std::vector<SlotPart> named;
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      LETHE_ASSIGN(SealedSlot sealed, ReadSealed(slot));
      for (SlotPart& part : sealed.parts) {
        if (part.type() == factor_->type()) named.push_back(std::move(part));
      }
    }
    return factor_->DestroyAllBut(named);
  }

  std::vector<std::string> factors() const override {
    std::vector<std::string> names{factor_->name()};
    if (outer_key().has_value()) names.emplace_back("kmsv2");
    return names;
  }

  std::optional<ServiceKey> outer_key() const override {
    for (const OuterSharePtr& outer : outer_) {
      if (outer != nullptr) return outer->key;
    }
    return std::nullopt;
  }

  bool lacks_outer() const override { return outer_seal_.available() && !outer_key().has_value(); }

  absl::StatusOr<bool> RenewOuter(Random& random) override {
    if (!outer_seal_.available()) return false;
    LETHE_ASSIGN(const ServiceKey now, outer_seal_.CurrentKey());
    if (outer_key() == now) return false;
    LETHE_ASSIGN(renewed_, outer_seal_.Make(vault_, random));
    return true;
  }

  void DropRenewedOuter() override { renewed_.reset(); }

  Assurance CheckAssurance(std::string* why) override {
    const std::optional<Assurance> own = factor_->CheckAssurance(why);
    return own.has_value() ? *own : probe_(why);
  }

 private:
  absl::StatusOr<SealedSlot> ReadSealed(int slot) {
    SlotBytes bytes;
    if (!file_->ReadPastCache(OffsetOf(slot), bytes.span()).ok()) {
      return Refuse(Reason::kHolderUnreachable, "a holder's slots cannot be read");
    }
    return DecodeSealedSlot(bytes.span());
  }

  // A slot whose factors will never open it again is as good as torn. One of a silent factor makes
  // the holder silent: it could hold the root.
  absl::StatusOr<Slot> Unseal(int slot, const SealedSlot& sealed) {
    outer_[slot].reset();
    if (sealed.state != Slot::State::kWhole) return Slot{sealed.state, std::nullopt};
    vault_ = sealed.head.vault;
    const SlotPart* inner = sealed.Find(factor_->type());
    const SlotPart* outer = sealed.Find(PartType::kService);
    if (inner == nullptr || sealed.parts.size() != (outer == nullptr ? 1U : 2U)) {
      return Refuse(Reason::kUnsupportedFormat, "a holder's slot was written by another kind");
    }
    absl::StatusOr<Secret> root = factor_->Give(sealed.head, *inner);
    if (root.ok() && outer != nullptr) {
      absl::StatusOr<OuterSharePtr> share = outer_seal_.Open(vault_, outer->bytes());
      if (share.ok()) {
        outer_[slot] = *share;
        root = Xor(*root, (*share)->share);
      } else {
        root = share.status();
      }
    }
    if (absl::IsUnavailable(root.status())) return root.status();
    if (!root.ok() || crypto::Commit(*root) != sealed.head.root_commitment) {
      outer_[slot].reset();
      return Slot{Slot::State::kTorn, std::nullopt};
    }
    Slot opened{Slot::State::kWhole, sealed.head.Clone()};
    opened.content->root = *std::move(root);
    return opened;
  }

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
  const std::unique_ptr<Factor> factor_;
  OuterSeal outer_seal_;
  VaultId vault_;  // Of the slots as last read or written.
  // As last read; the commitment also of a slot that did not open.
  std::array<OuterSharePtr, kSlotsPerHolder> outer_;
  std::array<std::array<std::uint8_t, 32>, kSlotsPerHolder> shown_{};
  OuterSharePtr renewed_;
};

}  // namespace

std::unique_ptr<Holder> NewSlotHolder(std::unique_ptr<SlotFile> file, std::string name,
                                      AssuranceProbe probe, std::unique_ptr<Factor> factor,
                                      std::vector<KeyService*> services) {
  return std::make_unique<SlotHolder>(std::move(file), std::move(name), std::move(probe),
                                      std::move(factor), std::move(services));
}

std::unique_ptr<Holder> NewHolderOn(std::unique_ptr<SlotFile> file, std::string name,
                                    Assurance assurance) {
  return NewSlotHolder(std::move(file), std::move(name), [assurance](std::string* why) {
    why->clear();
    return assurance;
  });
}

}  // namespace lethe::vault::holders
