#include "vault/holders/slot_roots.h"

#include <utility>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"

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

}  // namespace

absl::StatusOr<Slot> SlotRoots::Open(int slot, const SealedSlot& sealed) {
  outer_[slot].reset();
  shown_[slot] = sealed.head.root_commitment;
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

absl::Status SlotRoots::Seal(int slot, const SlotContent& content, MutableBytes out) {
  return SealWith(OuterFor(slot, content), content, out);
}

OuterSharePtr SlotRoots::OuterFor(int slot, const SlotContent& content) const {
  const int beside = 1 - slot;
  const bool moves =
      shown_[beside] == content.root_commitment ||
      (last_sealed_.has_value() && last_sealed_->root_commitment == content.root_commitment);
  if (!moves && renewed_ != nullptr) return renewed_;
  return last_sealed_.has_value() ? last_sealed_->outer : outer_[beside];
}

absl::Status SlotRoots::SealWith(const OuterSharePtr& outer, const SlotContent& content,
                                 MutableBytes out) {
  LETHE_CHECK(crypto::Commit(content.root) == content.root_commitment);
  vault_ = content.vault;
  const Secret share = outer == nullptr ? content.root.Clone() : Xor(content.root, outer->share);
  std::vector<SlotPart> parts;
  LETHE_ASSIGN(SlotPart inner, factor_->Keep(content, share));
  parts.push_back(std::move(inner));
  if (outer != nullptr) parts.emplace_back(PartType::kService, AsBytes(outer->part));
  EncodeSlot(content, parts, out);
  // Even should writing it fail: a root that was drawn is written until it stands.
  last_sealed_ = Sealed{content.root_commitment, outer};
  return absl::OkStatus();
}

OuterSharePtr SlotRoots::OuterOf(const SlotContent& current) const {
  if (last_sealed_.has_value() && last_sealed_->root_commitment == current.root_commitment) {
    return last_sealed_->outer;
  }
  for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
    if (shown_[slot] == current.root_commitment && outer_[slot] != nullptr) return outer_[slot];
  }
  return outer_[0] != nullptr ? outer_[0] : outer_[1];
}

absl::Status SlotRoots::DestroyStrays(std::vector<SealedSlot> slots) {
  std::vector<SlotPart> named;
  for (SealedSlot& sealed : slots) {
    for (SlotPart& part : sealed.parts) {
      if (part.type() == factor_->type()) named.push_back(std::move(part));
    }
  }
  return factor_->DestroyAllBut(named);
}

std::vector<std::string> SlotRoots::factors() const {
  std::vector<std::string> names{factor_->name()};
  if (outer_key().has_value()) names.emplace_back("kmsv2");
  return names;
}

std::optional<ServiceKey> SlotRoots::outer_key() const {
  for (const OuterSharePtr& outer : outer_) {
    if (outer != nullptr) return outer->key;
  }
  return std::nullopt;
}

absl::StatusOr<bool> SlotRoots::RenewOuter(Random& random) {
  if (!outer_seal_.available()) return false;
  LETHE_ASSIGN(const ServiceKey now, outer_seal_.CurrentKey());
  if (outer_key() == now) return false;
  LETHE_ASSIGN(renewed_, outer_seal_.Make(vault_, random));
  return true;
}

}  // namespace lethe::vault::holders
