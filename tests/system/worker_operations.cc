// What a Worker does to the people of its own, one operation a function.
#include <algorithm>
#include <iterator>

#include "absl/strings/str_format.h"
#include "tests/system/vault_folder.h"
#include "tests/system/worker.h"

namespace lethe::test {
namespace {

constexpr std::size_t kRecordsMax = 12;     // Per subject.
constexpr std::size_t kIdentifiersMax = 5;  // Per subject.
constexpr std::size_t kImportLines = 3;
constexpr std::uint64_t kIdentifierRange = 1'000'000;  // Of one worker's numbers.

template <typename Container>
const typename Container::value_type& Pick(const Container& from, Rng& rng) {
  return *std::next(from.begin(), static_cast<std::ptrdiff_t>(rng.Below(from.size())));
}

}  // namespace

std::string Worker::PickCategory() {
  const std::uint64_t dice = rng_.Below(10);
  return dice < 4 ? kAccount : dice < 8 ? kSupport : kBilling;
}

// The slot begins with its category.
std::string Worker::NewSlot(Person& person) {
  return absl::StrFormat("%s-%s-%d", PickCategory(), person.model.label(), ++person.records_made);
}

Identifier Worker::NewEmail() {
  if (!freed_.empty() && rng_.Chance(30)) {
    const Identifier identifier = freed_.back();
    freed_.pop_back();
    return identifier;
  }
  return MakeEmail(static_cast<std::uint64_t>(index_) * kIdentifierRange + ++identifiers_made_);
}

void Worker::Create(const Client& client) {
  auto& person = *people_.emplace_back(
      std::make_unique<Person>(absl::StrFormat("s%d.%d", index_, people_.size())));
  std::vector<Identifier> identifiers;
  identifiers.push_back(NewEmail());
  if (rng_.Chance(60)) {
    identifiers.push_back(MakeCustomerNumber(static_cast<std::uint64_t>(index_) * kIdentifierRange +
                                             ++identifiers_made_));
  }
  const auto send = [&person, identifiers, id = rng_.RequestId()](const Client& to) {
    const auto name = to.CreateSubject(identifiers, id);
    if (name.ok()) person.model.name = *name;
    return name.error();
  };
  Send(client, person, Creation(identifiers), send);
}

void Worker::PutOne(const Client& client, Person& person) {
  if (person.model.state().records.size() >= kRecordsMax) return Read(client, person);
  const std::string slot = NewSlot(person);
  const std::string data = MakeData(rng_, slot, 1);
  const auto send = [&person, slot, data, id = rng_.RequestId()](const Client& to) {
    const auto name = to.CreateRecord(person.model.name, slot.substr(0, slot.find('-')), data, id);
    if (name.ok()) person.model.record_names[slot] = *name;
    return name.error();
  };
  Send(client, person, Put(slot, data), send);
}

std::string Worker::PickRecord(const Person& person, bool to_delete) {
  std::vector<std::string> slots;
  for (const auto& [slot, data] : person.model.state().records) {
    // A record that came by an import is named by the first list that shows it.
    const bool named = person.model.record_names.contains(slot);
    if (named && !(to_delete && slot.starts_with(kBilling))) slots.push_back(slot);
  }
  return slots.empty() ? std::string() : Pick(slots, rng_);
}

void Worker::UpdateOne(const Client& client, Person& person) {
  const std::string slot = PickRecord(person, false);
  if (slot.empty()) return PutOne(client, person);
  const std::string data = MakeData(rng_, slot, static_cast<int>(rng_.Below(1'000'000)) + 2);
  const auto send = [&person, slot, data, id = rng_.RequestId()](const Client& to) {
    return to.UpdateRecord(person.model.record_names[slot], data, id).error();
  };
  Send(client, person, Put(slot, data), send);
}

void Worker::DeleteOne(const Client& client, Person& person) {
  const std::string slot = PickRecord(person, true);
  if (slot.empty()) return PutOne(client, person);
  const auto send = [&person, slot, id = rng_.RequestId()](const Client& to) {
    return to.DeleteRecord(person.model.record_names[slot], id).error();
  };
  Send(client, person, Removal(slot), send);
}

void Worker::AddOne(const Client& client, Person& person) {
  if (person.model.state().identifiers.size() >= kIdentifiersMax) return RemoveOne(client, person);
  const Identifier identifier = NewEmail();
  const auto send = [&person, identifier, id = rng_.RequestId()](const Client& to) {
    return to.AddIdentifier(person.model.name, identifier, id).error();
  };
  Send(client, person, IdentifierAdded(identifier), send);
}

void Worker::RemoveOne(const Client& client, Person& person) {
  const auto& identifiers = person.model.state().identifiers;
  if (identifiers.size() < 2) return Read(client, person);
  const Identifier identifier = Pick(identifiers, rng_);
  const auto send = [&person, identifier, id = rng_.RequestId()](const Client& to) {
    return to.RemoveIdentifier(person.model.name, identifier, id).error();
  };
  Send(client, person, IdentifierRemoved(identifier), send);
}

void Worker::SetRestriction(const Client& client, Person& person, bool restricted) {
  const auto send = [&person, restricted, id = rng_.RequestId()](const Client& to) {
    const std::string& name = person.model.name;
    return (restricted ? to.Restrict(name, id) : to.Unrestrict(name, id)).error();
  };
  Send(client, person, RestrictionSet(restricted), send);
}

void Worker::EraseAll(const Client& client, Person& person) {
  const auto send = [&person, id = rng_.RequestId()](const Client& to) {
    const auto erasure = to.Erase(person.model.name, id);
    if (erasure.ok()) person.model.erasure = *erasure;
    return erasure.error();
  };
  const std::set<Identifier> identifiers = person.model.state().identifiers;
  if (!Send(client, person, Erasure(), send)) return;
  ++totals_.erases;
  for (const Identifier& identifier : identifiers) {
    if (identifier.type == kEmail) freed_.push_back(identifier);
  }
}

void Worker::ImportSome(const Client& client, Person& person) {
  std::vector<ImportLine> lines;
  std::vector<Change> changes;
  for (std::size_t i = 0; i < kImportLines; ++i) {
    const std::string slot = NewSlot(person);
    const std::string data = MakeData(rng_, slot, 1);
    lines.push_back({.subject = person.model.name,
                     .category = slot.substr(0, slot.find('-')),
                     .data = data,
                     .request_id = rng_.RequestId()});
    changes.push_back(Put(slot, data));
  }
  // A line is whole or not there; of a chunk cut off by a crash any of them may be.
  const auto whole = [changes](SubjectState& state) {
    for (const Change& change : changes) change(state);
  };
  const auto send = [lines](const Client& to) {
    const auto failures = to.Import(lines);
    if (!failures.ok()) return failures.error();
    return failures->empty() ? CallError() : failures->begin()->second;
  };
  Send(client, person, whole, send);
  if (!person.model.settled()) {
    for (const Change& change : changes) person.model.LeaveOpen(change);
  }
}

void Worker::Read(const Client& client, Person& person) {
  const SubjectState& expected = person.model.state();
  const auto records = client.ListRecords(person.model.name, kService, 5);
  if (records.outcome() == Outcome::kUnknown) {
    server_gone_ = true;
    return;
  }
  if (!records.ok()) {
    if (!records.error().IsPassing()) {
      Blame(Fault::Kind::kLost, person, "list: " + records.error().ToText());
    }
    return;
  }
  SubjectState seen = expected;
  seen.records.clear();
  for (const RecordView& record : *records) {
    const std::string slot = SlotOf(record.data);
    seen.records[slot] = record.data;
    person.model.record_names.emplace(slot, record.name);
  }
  if (seen != expected) Blame(Fault::Kind::kLost, person, "live: " + Difference(expected, seen));
}

void Worker::TryDespiteRestriction(const Client& client, Person& person) {
  const std::string slot = NewSlot(person);
  const auto put = client.CreateRecord(person.model.name, slot.substr(0, slot.find('-')),
                                       MakeData(rng_, slot, 1), rng_.RequestId());
  const auto list = client.ListRecords(person.model.name, kService);
  const auto enforced = [](const CallError& error) {
    return error.reason == "PROCESSING_RESTRICTED" || error.IsPassing();
  };
  server_gone_ = put.outcome() == Outcome::kUnknown || list.outcome() == Outcome::kUnknown;
  if (server_gone_) return;
  if (!enforced(put.error())) {
    Blame(Fault::Kind::kUndone, person, "restricted, and a put answers " + put.error().ToText());
  }
  if (!enforced(list.error())) {
    Blame(Fault::Kind::kUndone, person, "restricted, and a list answers " + list.error().ToText());
  }
}

}  // namespace lethe::test
