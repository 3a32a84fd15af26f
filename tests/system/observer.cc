#include "tests/system/observer.h"

#include <nlohmann/json.hpp>

#include "base/status_macros.h"
#include "tests/system/made_up.h"

namespace lethe::test {
namespace {

using Json = nlohmann::json;

// Wherever the document puts them: an object with our members, or a text that is one.
void Collect(const Json& json, std::map<std::string, std::string>& out) {
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    if (const std::string slot = SlotOf(text); !slot.empty()) out[slot] = text;
    return;
  }
  if (!json.is_structured()) return;
  if (json.is_object() && json.contains("slot") && json.contains("n")) {
    out[json["slot"].get<std::string>()] = json.dump();
    return;
  }
  for (const Json& part : json) Collect(part, out);
}

}  // namespace

std::map<std::string, std::string> RecordsIn(const std::string& document) {
  std::map<std::string, std::string> records;
  Collect(Json::parse(document, nullptr, false), records);
  return records;
}

absl::Status Observer::Unanswered(const CallError& error) const {
  return absl::UnavailableError(model_.label() + ": " + error.ToText());
}

void Observer::Blame(Fault::Kind kind, const std::string& what) {
  faults_.push_back({kind, model_.label() + ": " + what});
}

absl::StatusOr<SubjectState> Observer::Look() {
  SubjectState seen;
  LETHE_TRY(LookForIdentifiers(seen));
  LETHE_TRY(LookAtSubject(seen));
  if (seen.life == Life::kActive && seen.restricted) LETHE_TRY(LookAtRestricted(seen));
  if (seen.life != Life::kAbsent && !seen.restricted) LETHE_TRY(LookAtRecords(seen));
  LETHE_TRY(LookForTheDead(seen));
  if (model_.erasure.has_value()) LETHE_TRY(LookAtReceipt());
  return seen;
}

absl::Status Observer::LookForIdentifiers(SubjectState& seen) {
  for (const Identifier& identifier : model_.identifiers_ever()) {
    const auto found = client_.Lookup(identifier, kTax);
    if (found.outcome() == Outcome::kUnknown) return Unanswered(found.error());
    if (!found.ok()) {
      // Of an erased identifier the answer is that of one never seen.
      if (!found.Is("RESOURCE_NOT_FOUND")) {
        Blame(Fault::Kind::kLost, "an identifier answers " + found.error().ToText());
      }
      continue;
    }
    // A subject whose creation was left open has no name until it is found by its identifier.
    if (model_.name.empty()) model_.name = *found;
    // Somebody else may have it after an erasure.
    if (*found == model_.name) seen.identifiers.insert(identifier);
  }
  return absl::OkStatus();
}

absl::Status Observer::LookAtSubject(SubjectState& seen) {
  if (model_.name.empty()) return absl::OkStatus();
  const auto subject = client_.GetSubject(model_.name, kTax);
  if (subject.outcome() == Outcome::kUnknown) return Unanswered(subject.error());
  if (subject.ok()) {
    seen.life = subject->partially_erased ? Life::kPartiallyErased : Life::kActive;
    seen.restricted = subject->restricted;
  } else if (subject.Is("SUBJECT_ERASED")) {
    seen.life = Life::kErased;
  } else if (!subject.Is("RESOURCE_NOT_FOUND")) {
    Blame(Fault::Kind::kLost, "the subject answers " + subject.error().ToText());
  }
  return absl::OkStatus();
}

void Observer::Take(const std::vector<RecordView>& records, SubjectState& seen) {
  for (const RecordView& record : records) {
    const std::string slot = SlotOf(record.data);
    if (!seen.records.emplace(slot, record.data).second) {
      Blame(Fault::Kind::kUndone, "slot " + slot + " is there twice");
    }
    const auto [known, fresh] = model_.record_names.emplace(slot, record.name);
    if (!fresh && known->second != record.name) {
      Blame(Fault::Kind::kLost, "slot " + slot + " has another name");
    }
  }
}

absl::Status Observer::LookAtRecords(SubjectState& seen) {
  const bool alive = seen.life == Life::kActive;
  const auto records = client_.ListRecords(model_.name, alive ? kService : kTax);
  if (records.outcome() == Outcome::kUnknown) return Unanswered(records.error());
  if (records.ok()) {
    Take(*records, seen);
  } else if (!records.Is("SUBJECT_ERASED") || alive) {
    Blame(Fault::Kind::kLost, "its records answer " + records.error().ToText());
  }
  if (alive) return absl::OkStatus();
  // What is withheld serves the duty of law alone.
  const auto refused = client_.ListRecords(model_.name, kService);
  if (refused.outcome() == Outcome::kUnknown) return Unanswered(refused.error());
  if (refused.ok() && !refused->empty()) {
    Blame(Fault::Kind::kUndone, "erased, and listed for the service");
  }
  return absl::OkStatus();
}

absl::Status Observer::LookAtRestricted(SubjectState& seen) {
  const auto refused = client_.ListRecords(model_.name, kService);
  if (refused.outcome() == Outcome::kUnknown) return Unanswered(refused.error());
  if (!refused.Is("PROCESSING_RESTRICTED")) {
    Blame(Fault::Kind::kUndone, "restricted, and its records answer " + refused.error().ToText());
  }
  // The person's own access shows what nobody else may see.
  const auto report = client_.Document(DocumentKind::kReport, model_.name);
  if (report.outcome() == Outcome::kUnknown) return Unanswered(report.error());
  if (!report.ok()) Blame(Fault::Kind::kLost, "no access report: " + report.error().ToText());
  if (report.ok()) seen.records = RecordsIn(*report);
  return absl::OkStatus();
}

absl::Status Observer::LookForTheDead(const SubjectState& seen) {
  for (const auto& [slot, name] : model_.record_names) {
    if (seen.records.contains(slot)) continue;
    const auto record = client_.GetRecord(name, kTax);
    if (record.outcome() == Outcome::kUnknown) return Unanswered(record.error());
    if (record.ok()) Blame(Fault::Kind::kUndone, "slot " + slot + " is not listed, and readable");
  }
  return absl::OkStatus();
}

absl::Status Observer::LookAtReceipt() {
  const auto again = client_.GetErasure(model_.erasure->name);
  if (again.outcome() == Outcome::kUnknown) return Unanswered(again.error());
  if (!again.ok() || again->receipt != model_.erasure->receipt) {
    Blame(Fault::Kind::kLost, "its receipt is not the acknowledged one");
  }
  return absl::OkStatus();
}

}  // namespace lethe::test
