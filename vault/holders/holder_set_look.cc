// What is seen of holders without changing them.
#include "vault/holders/holder_set.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::holders {

absl::Status Overwritten(const std::string& holder) {
  return Refuse(Reason::kHolderUnreachable,
                absl::StrFormat("the file of key holder %s was overwritten and does not have the "
                                "root any more: run lethe key holder rejoin %s",
                                holder, holder));
}

HolderSet::Look HolderSet::LookAt(const SlotContent& current) {
  Look look;
  std::vector<std::string> behind;
  std::vector<PlaceProbe> untold;
  for (const auto& holder : holders_) {
    if (const absl::Status place = holder->CheckPlace(); !place.ok()) {
      look.lost.emplace_back(place.message());
      continue;
    }
    const absl::StatusOr<Standing> standing = holder->Find(current);
    if (absl::IsUnavailable(standing.status())) {
      untold.push_back(holder->NewPlaceProbe());
    } else if (!standing.ok() || *standing == Standing::kReplaced) {
      look.lost.emplace_back(Overwritten(holder->name()).message());
    } else if (*standing == Standing::kBehind) {
      behind.push_back(holder->name());
    } else {
      look.standing.push_back(holder->NewPlaceProbe());
    }
  }
  const bool none_has_it = look.standing.empty() && untold.empty();
  for (const std::string& name : behind) {
    if (none_has_it) look.lost.emplace_back(Overwritten(name).message());
  }
  look.behind = !behind.empty() && !none_has_it;
  look.stranded = !look.lost.empty() && look.standing.empty() &&
                  (untold.empty() || !CheckSpare({}, current).ok());
  if (look.standing.empty()) look.standing = std::move(untold);
  return look;
}

absl::Status HolderSet::CheckPlaces() {
  for (const auto& holder : holders_) LETHE_TRY(holder->CheckPlace());
  return absl::OkStatus();
}

absl::Status HolderSet::CheckSpare(const std::string& name, const SlotContent& current) {
  for (const auto& holder : holders_) {
    if (holder->name() == name) continue;
    const absl::StatusOr<Slots> slots = holder->ReadSlots();
    if (slots.ok() && StandingOf(*slots, current) == Standing::kCurrent) return absl::OkStatus();
  }
  return Refuse(Reason::kHolderNeeded, "no other holder has the root");
}

// Where there is no other, it cannot be behind.
bool HolderSet::IsOverwritten(const Slots& slots, const SlotContent& current) const {
  const Standing standing = StandingOf(slots, current);
  return standing == Standing::kReplaced || (standing == Standing::kBehind && holders_.size() == 1);
}

std::vector<HolderStatus> HolderSet::Statuses(const SlotContent& current) {
  std::vector<HolderStatus> statuses;
  for (const auto& holder : holders_) {
    const absl::StatusOr<Slots> slots = holder->ReadSlots();
    HolderStatus status{.name = holder->name(), .factors = holder->factors()};
    status.reachable = slots.ok();
    const auto holds = [&](const Slot& slot) { return Holds(slot, current.root_commitment); };
    status.current = slots.ok() && std::ranges::any_of(*slots, holds);
    status.assurance = holder->CheckAssurance(&status.why);
    if (!slots.ok()) {
      status.why = std::string(slots.status().message());
    } else if (IsOverwritten(*slots, current)) {
      status.why = std::string(Overwritten(holder->name()).message());
    }
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

}  // namespace lethe::vault::holders
