#include "vault/holders/holder_set.h"

#include <algorithm>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::holders {
namespace {

bool IsExactly(const Slot& slot, const SlotContent& content) {
  return Holds(slot, content.root_commitment) && slot.content->generation == content.generation &&
         slot.content->owner_epoch == content.owner_epoch;
}

// The slot a new root may go to: never one that holds `keep`, and rather one that holds no root.
int SlotBeside(const HolderSet::Slots& slots, const crypto::Commitment& keep) {
  for (int i = 0; i < kSlotsPerHolder; ++i) {
    if (Holds(slots[i], keep)) return 1 - i;
  }
  return slots[0].state == Slot::State::kWhole ? 1 : 0;
}

bool HasExactly(const HolderSet::Slots& slots, const SlotContent& content) {
  return std::ranges::any_of(slots, [&](const Slot& slot) { return IsExactly(slot, content); });
}

// Exactly `content`, and no second root beside it.
bool HasOnly(const HolderSet::Slots& slots, const SlotContent& content) {
  return HasExactly(slots, content) && std::ranges::none_of(slots, [&](const Slot& slot) {
           return slot.state == Slot::State::kWhole && !IsExactly(slot, content);
         });
}

// Of our own epoch we wrote every root: one that we have not drawn yet, or another of the number of
// ours, is another server's.
bool IsForeign(const HolderSet::Slots& slots, const SlotContent& current) {
  return std::ranges::any_of(slots, [&](const Slot& slot) {
    return slot.state == Slot::State::kWhole && slot.content->vault == current.vault &&
           slot.content->owner_epoch == current.owner_epoch &&
           slot.content->generation >= current.generation &&
           slot.content->root_commitment != current.root_commitment;
  });
}

absl::Status WriteBesideIn(Holder& holder, const crypto::Commitment& keep,
                           const SlotContent& next) {
  LETHE_ASSIGN(const HolderSet::Slots slots, holder.ReadSlots());
  if (HasExactly(slots, next)) return absl::OkStatus();
  return holder.WriteSlot(SlotBeside(slots, keep), next);
}

absl::Status DestroyAllButIn(Holder& holder, const SlotContent& kept) {
  LETHE_ASSIGN(const HolderSet::Slots slots, holder.ReadSlots());
  if (!HasExactly(slots, kept)) {
    return Refuse(Reason::kHolderUnreachable, "a holder does not have what it was given");
  }
  for (int i = 0; i < kSlotsPerHolder; ++i) {
    if (slots[i].state == Slot::State::kEmpty || IsExactly(slots[i], kept)) continue;
    LETHE_TRY(holder.DestroySlot(i));
  }
  return holder.DestroyStrays();
}

}  // namespace

bool Holds(const Slot& slot, const crypto::Commitment& commitment) {
  return slot.state == Slot::State::kWhole && slot.content->root_commitment == commitment;
}

HolderSet::HolderSet(std::vector<std::unique_ptr<Holder>> holders) : holders_(std::move(holders)) {
  LETHE_CHECK(!holders_.empty() && holders_.size() <= kHoldersMax);
}

std::vector<std::string> HolderSet::names() const {
  std::vector<std::string> names;
  for (const auto& holder : holders_) names.push_back(holder->name());
  return names;
}

std::vector<absl::StatusOr<HolderSet::Slots>> HolderSet::ReadAll() {
  std::vector<absl::StatusOr<Slots>> all;
  for (const auto& holder : holders_) all.push_back(holder->ReadSlots());
  return all;
}

absl::Status HolderSet::CheckEpoch(const SlotContent& ours) {
  for (const auto& holder : holders_) {
    LETHE_ASSIGN(const Slots slots, holder->ReadSlots());
    for (const Slot& slot : slots) {
      if (slot.state == Slot::State::kWhole && slot.content->vault == ours.vault &&
          slot.content->owner_epoch > ours.owner_epoch) {
        return Refuse(Reason::kSealed, "another server has taken this vault over");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status HolderSet::Join(const SlotContent& current) {
  LETHE_TRY(CheckEpoch(current));
  bool any_holds = false;
  bool any_stale = false;
  for (const auto& holder : holders_) {
    LETHE_ASSIGN(const Slots slots, holder->ReadSlots());
    if (IsForeign(slots, current)) {
      return Refuse(Reason::kSealed, "another server writes to a key holder");
    }
    const Standing standing = StandingOf(slots, current);
    if (standing == Standing::kReplaced) return Overwritten(holder->name());
    any_holds = any_holds || standing == Standing::kCurrent;
    any_stale = any_stale || !HasOnly(slots, current);
  }
  if (!any_holds) return Overwritten(holders_.front()->name());
  if (!any_stale) return absl::OkStatus();
  LETHE_TRY(WriteBeside(current.root_commitment, current));
  return DestroyAllBut(current);
}

absl::Status HolderSet::WriteBeside(const crypto::Commitment& keep, const SlotContent& next,
                                    Silent silent) {
  std::size_t written = 0;
  for (const auto& holder : holders_) {
    const absl::Status status = WriteBesideIn(*holder, keep, next);
    if (absl::IsUnavailable(status) && silent == Silent::kPass) continue;
    LETHE_TRY(status);
    ++written;
  }
  return written > 0 ? absl::OkStatus()
                     : Refuse(Reason::kHolderUnreachable, "no key holder answers");
}

absl::Status HolderSet::DestroyAllBut(const SlotContent& kept, Silent silent) {
  for (const auto& holder : holders_) {
    const absl::Status status = DestroyAllButIn(*holder, kept);
    if (absl::IsUnavailable(status) && silent == Silent::kPass) continue;
    LETHE_TRY(status);
  }
  return absl::OkStatus();
}

absl::StatusOr<SlotContent> HolderSet::ReadBack(const crypto::Commitment& wanted) {
  for (const auto& holder : holders_) {
    LETHE_ASSIGN(const Slots slots, holder->ReadSlots());
    for (const Slot& slot : slots) {
      if (Holds(slot, wanted)) return slot.content->Clone();
    }
  }
  return Refuse(Reason::kDecryptFailed, "no holder gives the new root back");
}

bool HolderSet::AnyLacksOuter() const {
  return std::ranges::any_of(holders_, [](const auto& holder) { return holder->lacks_outer(); });
}

absl::StatusOr<std::vector<ServiceKey>> HolderSet::RenewOuter(bool missing_only, Random& random) {
  std::vector<ServiceKey> left;
  bool any = false;
  for (const auto& holder : holders_) {
    if (missing_only && !holder->lacks_outer()) continue;
    const std::optional<ServiceKey> old = holder->outer_key();
    LETHE_ASSIGN(const bool renewed, holder->RenewOuter(random));
    any = any || renewed;
    if (renewed && old.has_value()) left.push_back(*old);
  }
  if (any) return left;
  return Refuse(Reason::kKeyNotRotated,
                "the key service uses the same key version as before: rotate the key there first");
}

void HolderSet::DropRenewedOuter() {
  for (const auto& holder : holders_) holder->DropRenewedOuter();
}

Rejoined HolderSet::Rejoin(const std::string& name, const SlotContent& current) {
  for (const auto& holder : holders_) {
    if (holder->name() == name) return holder->Rejoin(current);
  }
  return {.status = Refuse(Reason::kResourceNotFound, "there is no such holder", "holder")};
}

absl::Status HolderSet::CheckUnused(const ServiceKey& key) {
  for (const auto& holder : holders_) {
    LETHE_TRY(holder->ReadSlots().status());
    if (holder->outer_key() == key) {
      return Refuse(Reason::kHolderNeeded, "a holder is sealed with this key version");
    }
  }
  return absl::OkStatus();
}

void HolderSet::Retire(const std::string& name) {
  std::erase_if(holders_, [&name](const auto& holder) { return holder->name() == name; });
  LETHE_CHECK(!holders_.empty());
}

}  // namespace lethe::vault::holders
