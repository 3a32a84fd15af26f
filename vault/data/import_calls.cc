#include "vault/data/import_calls.h"

#include <utility>

#include "base/status_macros.h"
#include "vault/model/limits.h"
#include "vault/model/request_rules.h"

namespace lethe::vault::data {

using memory::SubjectLocks;

// Each item's commit is written but not synced; the last one, with the event of the whole chunk, is
// synced and takes all before it along. A chunk whose sync fails has imported nothing it may claim.
std::vector<absl::StatusOr<ImportedRecord>> ImportCalls::Import(const Caller& caller,
                                                                std::span<const ImportItem> items) {
  std::vector<absl::StatusOr<ImportedRecord>> results;
  results.reserve(items.size());
  calls::Call chunk = desk_.Open(caller, audit::Method::kImport);
  absl::Status admitted = desk_.Admit(chunk, false);
  if (admitted.ok() && items.size() > limits::kStepRecordsMax) {
    admitted = Refuse(Reason::kFieldInvalid, "an import has a limit of lines a call", "items",
                      "max_items");
  }
  if (!admitted.ok()) {
    admitted = desk_.JournalRefusal(chunk, admitted);
    results.assign(items.size(), admitted);
    return results;
  }
  for (const ImportItem& item : items) {
    results.push_back(ImportOne(caller, item));
    if (results.back().ok()) ++chunk.event.count;
  }
  records::Change nothing;
  const absl::Status synced =
      desk_.Commit(chunk, nothing, storage::Durability::kSynced, storage::Room::kReserve);
  for (auto& result : results) {
    if (!synced.ok() && result.ok()) result = synced;
  }
  return results;
}

absl::StatusOr<ImportedRecord> ImportCalls::ImportOne(const Caller& caller,
                                                      const ImportItem& item) {
  Caller line = caller;
  line.request_id = item.request_id;
  calls::Call opened = desk_.Open(line, audit::Method::kImport);
  opened.synced_later = true;
  return desk_.Answer(std::move(opened), [&](calls::Call& call) -> absl::StatusOr<ImportedRecord> {
    LETHE_TRY(desk_.Admit(call, true));
    LETHE_TRY(CheckNewRecord(item.record, desk_.now()));
    LETHE_ASSIGN(const calls::Target target, ResolveOrCreate(call, item));
    SubjectLocks::Exclusive hold(stores_.locks, target.tag);
    LETHE_ASSIGN(const CreatedRecord created,
                 records_.CreateOnce(call, target, item.record, storage::Durability::kWritten));
    return ImportedRecord{target.tag, created.record.tag, created.already_there};
  });
}

absl::StatusOr<calls::Target> ImportCalls::ResolveOrCreate(calls::Call& call,
                                                           const ImportItem& item) {
  LETHE_TRY(CheckIdentifiers(item.identifiers, "identifiers"));
  absl::StatusOr<calls::Target> target = desk_.Resolve(call, item.subject, false);
  const auto* identifier = std::get_if<Identifier>(&item.subject);
  if (!absl::IsNotFound(target.status()) || identifier == nullptr) return target;
  // Before anything is made for it: a line that will be refused must not leave a subject behind.
  LETHE_ASSIGN(const policy::Category* category,
               desk_.CategoryOf(call, item.record.category, "record.category"));
  const absl::Time origin = item.record.origin_time.value_or(desk_.now());
  const policy::RecordFacts facts{.origin_time = origin,
                                  .end = call.tenant->policy.EndOf(*category, origin)};
  LETHE_TRY(desk_.Decide(call, policy::Action::kPut, {}, category, &facts));
  std::vector<Identifier> identifiers = {*identifier};
  identifiers.insert(identifiers.end(), item.identifiers.begin(), item.identifiers.end());
  LETHE_ASSIGN(const Subject subject, subjects_.CreateFor(call, identifiers));
  return calls::Target{subject.tag};
}

}  // namespace lethe::vault::data
