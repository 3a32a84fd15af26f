#include "vault/data/change_calls.h"

#include "base/codec.h"
#include "base/status_macros.h"
#include "vault/calls/body_mac.h"
#include "vault/model/request_rules.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/etag.h"

namespace lethe::vault::data {
namespace {

using memory::SubjectLocks;
using policy::Action;
using records::FoundRecord;
using records::OpenSubject;

// All but the data, which stays where it is until the change is committed.
void Apply(const RecordPatch& patch, absl::Time now, Record& record) {
  if (patch.media_type) {
    record.media_type = patch.media_type->empty() ? "application/json" : *patch.media_type;
  }
  if (patch.source && *patch.source != Source::kUnspecified) record.source = *patch.source;
  if (patch.source_detail) record.source_detail = *patch.source_detail;
  record.update_time = now;
}

}  // namespace

absl::StatusOr<std::pair<Record, KeyDeath>> ChangeCalls::UpdateRecord(const Caller& caller,
                                                                      const SubjectTag& subject,
                                                                      const RecordTag& record,
                                                                      const std::string& etag,
                                                                      RecordPatch patch) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kUpdateRecord),
                      [&](calls::Call& call) -> absl::StatusOr<std::pair<Record, KeyDeath>> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckPatch(patch));
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
                        absl::StatusOr<Replaced> replaced = [&] {
                          SubjectLocks::Exclusive hold(stores_.locks, target.tag);
                          return UpdateOnce(call, record, target, etag, patch);
                        }();
                        LETHE_TRY(replaced.status());
                        LETHE_ASSIGN(const KeyDeath death, DeathOf(*replaced));
                        return std::pair(std::move(replaced->record), death);
                      });
}

absl::StatusOr<ChangeCalls::Replaced> ChangeCalls::UpdateOnce(calls::Call& call,
                                                              const RecordTag& record,
                                                              const calls::Target& target,
                                                              const std::string& etag,
                                                              RecordPatch& patch) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_TRY(desk_.Decide(call, Action::kUpdate, FactsOf(subject)));
  LETHE_ASSIGN(const FoundRecord old, stores_.records.Find(subject, record));
  call.About(*old.category);
  LETHE_ASSIGN(Record current, records_.OpenAllowed(call, subject, Action::kUpdate, old));
  LETHE_ASSIGN(const Secret category_key, stores_.scopes.KeyOf(subject, old.scope));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  const records::BodyMac body = calls::BodyMacOf(category_key, record, etag, patch);
  LETHE_ASSIGN(const auto* before, once.Before(body));
  if (before != nullptr) {
    LETHE_TRY(desk_.CommitRead(call));
    LETHE_ASSIGN(Replaced replaced, ReplacedBefore(*before));
    replaced.record = std::move(current);
    return replaced;
  }
  LETHE_TRY(CheckEtag(etag, current.etag));
  Apply(patch, desk_.now(), current);
  LETHE_TRY(CheckBody(patch.data.has_value() ? *patch.data : current.data, current.media_type));
  return WriteNext(call, subject, old, std::move(current), patch, once, body, category_key);
}

absl::StatusOr<ChangeCalls::Replaced> ChangeCalls::WriteNext(
    calls::Call& call, OpenSubject& subject, const FoundRecord& old, Record record,
    RecordPatch& patch, const calls::OnceOnly& once, const records::BodyMac& body,
    const Secret& category_key) {
  records::Change change;
  records::RecordDraft draft{.meta = {.origin_time = record.origin_time,
                                      .create_time = record.create_time,
                                      .update_time = record.update_time,
                                      .source = record.source,
                                      .media_type = record.media_type,
                                      .source_detail = record.source_detail}};
  const std::string& data = patch.data.has_value() ? *patch.data : record.data;
  LETHE_TRY(stores_.records.PutNext(subject, old, category_key, data, draft, change));
  Replaced replaced{.old_leaf = old.parsed.header.leaf};
  replaced.death = stores_.doomed.Mark(*replaced.old_leaf, desk_.now(), change.batch);
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.tag = records::TagBytesOf(record.tag.bytes()),
                 .number = draft.header.version,
                 .body = body,
                 .memo = replaced.old_leaf->Key()},
                change.batch);
  call.event.count = 1;
  LETHE_TRY(desk_.Commit(call, change));
  if (patch.data.has_value()) record.data = *std::move(patch.data);
  record.version = draft.header.version;
  record.etag = EtagOf(draft.header);
  replaced.record = std::move(record);
  return replaced;
}

absl::StatusOr<KeyDeath> ChangeCalls::DeleteRecord(const Caller& caller, const SubjectTag& subject,
                                                   const RecordTag& record,
                                                   const std::string& etag) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kDeleteRecord),
                      [&](calls::Call& call) -> absl::StatusOr<KeyDeath> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
                        absl::StatusOr<Replaced> replaced = [&] {
                          SubjectLocks::Exclusive hold(stores_.locks, target.tag);
                          return DeleteOnce(call, record, target, etag);
                        }();
                        LETHE_TRY(replaced.status());
                        return DeathOf(*replaced);
                      });
}

absl::StatusOr<ChangeCalls::Replaced> ChangeCalls::DeleteOnce(calls::Call& call,
                                                              const RecordTag& record,
                                                              const calls::Target& target,
                                                              const std::string& etag) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  const policy::SubjectFacts subject_facts = FactsOf(subject);
  LETHE_TRY(desk_.Decide(call, Action::kDelete, subject_facts));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  // Two random tags: nothing here that must die with the record.
  const records::BodyMac body = calls::BodyMacOf(
      SubjectRequestKey(subject.key), ByteWriter().Raw(record.bytes()).Short(etag).str());
  LETHE_ASSIGN(const auto* before, once.Before(body));
  if (before != nullptr) {
    LETHE_TRY(desk_.CommitRead(call));
    return ReplacedBefore(*before);
  }
  LETHE_ASSIGN(FoundRecord old, stores_.records.Find(subject, record));
  call.About(*old.category);
  const policy::RecordFacts facts = FactsOf(old, subject.header);
  LETHE_TRY(desk_.Decide(call, Action::kDelete, subject_facts, old.category, &facts));
  LETHE_TRY(CheckEtag(etag, EtagOf(old.parsed.header)));
  records::Change change;
  change.batch.ExpectValue(table::kRecord, old.row_key, old.row);
  change.batch.Delete(table::kRecord, old.row_key);
  Replaced replaced{.old_leaf = old.parsed.header.leaf};
  replaced.death = stores_.doomed.Mark(*replaced.old_leaf, desk_.now(), change.batch);
  CountOut(old.scope, old.end);
  stores_.scopes.Put(subject, old.scope, change.batch);
  if (subject.header.records > 0) --subject.header.records;
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.body = body, .memo = replaced.old_leaf->Key()}, change.batch);
  call.event.count = 1;
  LETHE_TRY(desk_.Commit(call, change, storage::Durability::kSynced, storage::Room::kReserve));
  return replaced;
}

absl::StatusOr<ChangeCalls::Replaced> ChangeCalls::ReplacedBefore(
    const records::RequestRow& before) const {
  LETHE_ASSIGN(const auto leaf, stores_.doomed.StillDoomed(before.memo));
  const auto left = leaf.has_value() ? stores_.options.doomed_delay : absl::ZeroDuration();
  return Replaced{.old_leaf = leaf, .death = {desk_.now() + left}};
}

absl::StatusOr<KeyDeath> ChangeCalls::DeathOf(const Replaced& replaced) const {
  const bool now = stores_.doomed.at_once() && replaced.old_leaf.has_value();
  return now ? stores_.doomed.Shred({{*replaced.old_leaf}}) : replaced.death;
}

}  // namespace lethe::vault::data
