#include "vault/holders/slot_holder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/holders/outer_seal.h"
#include "vault/holders/slot_io.h"

namespace lethe::vault::holders {
namespace {

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
    LETHE_TRY(CheckPlace());
    std::array<Slot, kSlotsPerHolder> slots;
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      LETHE_ASSIGN(const SealedSlot sealed, ReadSealed(*file_, slot));
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
    return WriteWith(fresh && renewed_ != nullptr ? renewed_ : outer_[beside], slot, content);
  }

  absl::Status DestroySlot(int slot) override {
    SlotBytes zeros;
    return WriteInPlace(slot, zeros);
  }

  absl::Status CheckPlace() override {
    const absl::Status place = file_->CheckPath();
    if (place.ok()) return place;
    return Refuse(
        Reason::kHolderUnreachable,
        absl::StrFormat("the file of key holder %s is not where it was (%s): put the very "
                        "file back, or run lethe key holder rejoin %s",
                        name_, place.message(), name_));
  }

  absl::Status Rejoin(const SlotContent& current) override {
    if (CheckPlace().ok()) return absl::OkStatus();
    LETHE_ASSIGN(PlacedFile found, file_->OpenAtPath());
    if (!found.same) LETHE_TRY(CheckFit(*found.file, current));
    const OuterSharePtr outer = OuterOf(current);
    std::swap(file_, found.file);
    std::swap(probe_, found.probe);
    if (found.same) return ReadSlots().status();
    const absl::Status taken = TakeOver(outer, current);
    if (taken.ok()) return GiveUp(*found.file, outer, current);
    std::swap(file_, found.file);
    std::swap(probe_, found.probe);
    return taken;
  }

  absl::Status DestroyStrays() override {
    std::vector<SlotPart> named;
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      LETHE_ASSIGN(SealedSlot sealed, ReadSealed(*file_, slot));
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

  absl::Status WriteWith(const OuterSharePtr& outer, int slot, const SlotContent& content) {
    const Secret share = outer == nullptr ? content.root.Clone() : Xor(content.root, outer->share);
    std::vector<SlotPart> parts;
    LETHE_ASSIGN(SlotPart inner, factor_->Keep(content, share));
    parts.push_back(std::move(inner));
    if (outer != nullptr) parts.emplace_back(PartType::kService, AsBytes(outer->part));
    SlotBytes bytes;
    EncodeSlot(content, parts, bytes.span());
    return WriteInPlace(slot, bytes);
  }

  // What goes to a file that the next start does not find is not written; neither here nor there.
  absl::Status WriteInPlace(int slot, SlotBytes& bytes) {
    LETHE_TRY(CheckPlace());
    const absl::Status written = WriteAndReadBack(*file_, slot, bytes);
    LETHE_TRY(CheckPlace());
    return written;
  }

  // As the slots were last read: what seals `current`, which a file found elsewhere does not know.
  OuterSharePtr OuterOf(const SlotContent& current) const {
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      if (shown_[slot] == current.root_commitment && outer_[slot] != nullptr) return outer_[slot];
    }
    return outer_[0] != nullptr ? outer_[0] : outer_[1];
  }

  // `current` alone, whatever the file has, and the slot that may have it already is the last that
  // is touched.
  absl::Status TakeOver(const OuterSharePtr& outer, const SlotContent& current) {
    int slot = 0;
    for (int i = 0; i < kSlotsPerHolder; ++i) {
      LETHE_ASSIGN(const SealedSlot sealed, ReadSealed(*file_, i));
      const bool holds = sealed.state == Slot::State::kWhole &&
                         sealed.head.root_commitment == current.root_commitment;
      if (holds) slot = 1 - i;
    }
    LETHE_TRY(WriteWith(outer, slot, current));
    LETHE_TRY(DestroySlot(1 - slot));
    LETHE_ASSIGN(const auto slots, ReadSlots());
    const bool given = slots[slot].state == Slot::State::kWhole &&
                       slots[slot].content->root_commitment == current.root_commitment;
    return given ? absl::OkStatus() : NotWritten();
  }

  // The root leaves the file that was open until now. Where both names led to the same blocks by
  // two ways (a device mounted twice) it left them altogether, and is written again.
  absl::Status GiveUp(SlotFile& old, const OuterSharePtr& outer, const SlotContent& current) {
    bool overwritten = true;
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      SlotBytes zeros;
      overwritten = WriteAndReadBack(old, slot, zeros).ok() && overwritten;
    }
    LETHE_TRY(TakeOver(outer, current));
    LETHE_TRY(DestroyStrays());
    if (overwritten) return absl::OkStatus();
    return Refuse(Reason::kHolderUnreachable,
                  "the holder is back, but its former file cannot be overwritten and keeps this "
                  "root: replace the root (lethe key rotate)");
  }

  std::unique_ptr<SlotFile> file_;
  const std::string name_;
  AssuranceProbe probe_;
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
