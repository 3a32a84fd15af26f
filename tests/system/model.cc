#include "tests/system/model.h"

#include <algorithm>
#include <array>

#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

bool IsWithheld(const std::string& slot) { return slot.starts_with(kBilling); }

const char* NameOf(Life life) {
  constexpr std::array<const char*, 4> kNames = {"absent", "active", "partially erased", "erased"};
  return kNames[static_cast<std::size_t>(life)];
}

std::string RecordDifference(const SubjectState& expected, const SubjectState& seen) {
  std::string text;
  for (const auto& [slot, data] : expected.records) {
    const auto found = seen.records.find(slot);
    if (found == seen.records.end()) text += "record " + slot + " is missing; ";
    if (found != seen.records.end() && found->second != data) {
      text += "record " + slot + " holds " + found->second.substr(0, 60) + " and not " +
              data.substr(0, 60) + "; ";
    }
  }
  for (const auto& [slot, data] : seen.records) {
    if (!expected.records.contains(slot)) text += "record " + slot + " should not be there; ";
  }
  return text;
}

// Is anything there that `expected` has taken away?
bool HasWhatIsGone(const SubjectState& expected, const SubjectState& seen) {
  if (expected.life > seen.life && seen.life != Life::kAbsent) return true;
  const bool identifier_back =
      !std::includes(expected.identifiers.begin(), expected.identifiers.end(),
                     seen.identifiers.begin(), seen.identifiers.end());
  const bool record_back = std::ranges::any_of(
      seen.records, [&](const auto& record) { return !expected.records.contains(record.first); });
  return identifier_back || record_back;
}

}  // namespace

void Count(const Fault& fault, Totals& totals) {
  const bool lost = fault.kind == Fault::Kind::kLost;
  ++(lost ? totals.lost : totals.undone);
  totals.faults.push_back((lost ? "LOST " : "UNDONE ") + fault.text);
}

Change Creation(const std::vector<Identifier>& identifiers) {
  return [identifiers](SubjectState& state) {
    state.life = Life::kActive;
    state.identifiers.insert(identifiers.begin(), identifiers.end());
  };
}

Change Put(const std::string& slot, const std::string& data) {
  return [slot, data](SubjectState& state) { state.records[slot] = data; };
}

Change Removal(const std::string& slot) {
  return [slot](SubjectState& state) { state.records.erase(slot); };
}

Change IdentifierAdded(const Identifier& identifier) {
  return [identifier](SubjectState& state) { state.identifiers.insert(identifier); };
}

Change IdentifierRemoved(const Identifier& identifier) {
  return [identifier](SubjectState& state) { state.identifiers.erase(identifier); };
}

Change RestrictionSet(bool restricted) {
  return [restricted](SubjectState& state) { state.restricted = restricted; };
}

Change Erasure() {
  return [](SubjectState& state) {
    std::erase_if(state.records, [](const auto& record) { return !IsWithheld(record.first); });
    const bool withheld = !state.records.empty();
    std::erase_if(state.identifiers, [withheld](const Identifier& identifier) {
      return !withheld || identifier.type != kCustomerNumber;
    });
    state.life = withheld ? Life::kPartiallyErased : Life::kErased;
    state.restricted = false;
  };
}

bool SubjectModel::MayBe(const std::function<bool(const SubjectState&)>& what) const {
  return std::ranges::any_of(possible_, what);
}

void SubjectModel::Remember() {
  for (const SubjectState& state : possible_) {
    identifiers_ever_.insert(state.identifiers.begin(), state.identifiers.end());
  }
}

void SubjectModel::Acknowledge(const Change& change) {
  std::set<SubjectState> moved;
  for (SubjectState state : possible_) {
    change(state);
    moved.insert(std::move(state));
  }
  possible_ = std::move(moved);
  Remember();
}

void SubjectModel::LeaveOpen(const Change& change) {
  std::set<SubjectState> both = possible_;
  for (SubjectState state : possible_) {
    change(state);
    both.insert(std::move(state));
  }
  possible_ = std::move(both);
  Remember();
}

std::optional<Fault> SubjectModel::Observe(const SubjectState& seen) {
  std::optional<Fault> fault;
  if (!possible_.contains(seen)) {
    const bool undone = std::ranges::all_of(
        possible_, [&](const SubjectState& state) { return HasWhatIsGone(state, seen); });
    fault = Fault{undone ? Fault::Kind::kUndone : Fault::Kind::kLost,
                  label_ + ": " + Difference(*possible_.begin(), seen)};
  }
  possible_ = {seen};
  return fault;
}

std::string Difference(const SubjectState& expected, const SubjectState& seen) {
  std::string text;
  if (expected.life != seen.life) {
    text += std::string("is ") + NameOf(seen.life) + " and not " + NameOf(expected.life) + "; ";
  }
  if (expected.restricted != seen.restricted) {
    text += seen.restricted ? "is restricted; " : "is not restricted; ";
  }
  for (const Identifier& identifier : expected.identifiers) {
    if (!seen.identifiers.contains(identifier)) text += identifier.value + " is not known; ";
  }
  for (const Identifier& identifier : seen.identifiers) {
    if (!expected.identifiers.contains(identifier)) text += identifier.value + " is known; ";
  }
  return text + RecordDifference(expected, seen);
}

}  // namespace lethe::test
