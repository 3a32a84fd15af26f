#include "vault/keytree/holder_set.h"

#include <algorithm>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::keytree {
namespace {

bool IsExactly(const Slot& slot, const SlotContent& content) {
  return Holds(slot, content.root_commitment) && slot.content->generation == content.generation &&
         slot.content->owner_epoch == content.owner_epoch;
}

// The slot a new root may go to: never one that holds `keep`, and rather one that holds no root.
int SlotBeside(const HolderSet::Slots& slots, const Commitment& keep) {
  for (int i = 0; i < kSlotsPerHolder; ++i) {
    if (Holds(slots[i], keep)) return 1 - i;
  }
  return slots[0].state == Slot::State::kWhole ? 1 : 0;
}

}  // namespace

bool Holds(const Slot& slot, const Commitment& commitment) {
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

absl::Status HolderSet::CheckEpoch(std::uint64_t epoch) {
  for (const auto& holder : holders_) {
    LETHE_ASSIGN(const Slots slots, holder->ReadSlots());
    for (const Slot& slot : slots) {
      if (slot.state == Slot::State::kWhole && slot.content->owner_epoch > epoch) {
        return Refuse(Reason::kSealed, "another server has taken this vault over");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status HolderSet::CheckOwned(const Commitment& root, std::uint64_t epoch) {
  LETHE_TRY(CheckEpoch(epoch));
  for (const auto& holder : holders_) {
    LETHE_ASSIGN(const Slots slots, holder->ReadSlots());
    if (std::ranges::none_of(slots, [&](const Slot& slot) { return Holds(slot, root); })) {
      return Refuse(Reason::kSealed, "a holder no longer has the root of this vault");
    }
  }
  return absl::OkStatus();
}

absl::Status HolderSet::WriteBeside(const Commitment& keep, const SlotContent& next) {
  for (const auto& holder : holders_) {
    LETHE_ASSIGN(const Slots slots, holder->ReadSlots());
    if (std::ranges::any_of(slots, [&](const Slot& slot) { return IsExactly(slot, next); })) {
      continue;
    }
    LETHE_TRY(holder->WriteSlot(SlotBeside(slots, keep), next));
  }
  return absl::OkStatus();
}

absl::Status HolderSet::DestroyAllBut(const SlotContent& kept) {
  for (const auto& holder : holders_) {
    LETHE_ASSIGN(const Slots slots, holder->ReadSlots());
    for (int i = 0; i < kSlotsPerHolder; ++i) {
      if (slots[i].state == Slot::State::kEmpty || IsExactly(slots[i], kept)) continue;
      LETHE_TRY(holder->DestroySlot(i));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<SlotContent> HolderSet::ReadBack(const Commitment& wanted) {
  for (const auto& holder : holders_) {
    LETHE_ASSIGN(const Slots slots, holder->ReadSlots());
    for (const Slot& slot : slots) {
      if (Holds(slot, wanted)) return slot.content->Clone();
    }
  }
  return Refuse(Reason::kDecryptFailed, "no holder gives the new root back");
}

std::vector<HolderStatus> HolderSet::Statuses(const Commitment& root) {
  std::vector<HolderStatus> statuses;
  for (const auto& holder : holders_) {
    HolderStatus status{.name = holder->name(), .factors = holder->factors()};
    const absl::StatusOr<Slots> slots = holder->ReadSlots();
    status.reachable = slots.ok();
    status.current = slots.ok() && std::ranges::any_of(
                                       *slots, [&](const Slot& slot) { return Holds(slot, root); });
    status.assurance = holder->CheckAssurance(&status.why);
    if (!slots.ok()) status.why = std::string(slots.status().message());
    if (const std::optional<ServiceKey> key = holder->outer_key()) {
      status.service = key->service;
      status.service_key = key->key_id;
    }
    statuses.push_back(std::move(status));
  }
  return statuses;
}

Assurance HolderSet::CheckAssurance(std::string* why) {
  Assurance weakest = Assurance::kHardware;
  for (const auto& holder : holders_) {
    std::string reason;
    const Assurance assurance = holder->CheckAssurance(&reason);
    if (assurance < weakest) {
      weakest = assurance;
      *why = reason;
    }
  }
  return weakest;
}

}  // namespace lethe::vault::keytree
