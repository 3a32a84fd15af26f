#include "vault/data/record_calls.h"

#include <utility>

#include "base/status_macros.h"
#include "vault/calls/body_mac.h"
#include "vault/model/limits.h"
#include "vault/model/request_rules.h"

namespace lethe::vault::data {
namespace {

using policy::Action;
using records::FoundRecord;
using records::OpenSubject;
using records::SubjectLocks;

constexpr std::string_view kDefaultMediaType = "application/json";

records::RecordMeta MetaOf(const NewRecord& record, absl::Time now) {
  return {
      .origin_time = record.origin_time.value_or(now),
      .create_time = now,
      .update_time = now,
      .source = record.source == Source::kUnspecified ? Source::kProvided : record.source,
      .media_type = record.media_type.empty() ? std::string(kDefaultMediaType) : record.media_type,
      .source_detail = record.source_detail};
}

}  // namespace

absl::StatusOr<Record> RecordCalls::CreateRecord(const Caller& caller, const SubjectRef& subject,
                                                 NewRecord record) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kCreateRecord),
                      [&](calls::Call& call) -> absl::StatusOr<Record> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckNewRecord(record, desk_.now()));
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
                        SubjectLocks::Exclusive hold(stores_.locks, target.tag);
                        LETHE_ASSIGN(
                            CreatedRecord created,
                            CreateOnce(call, target, record, storage::Durability::kSynced));
                        if (created.gone) {
                          return Refuse(Reason::kResourceNotFound, "the record was deleted since");
                        }
                        // Not before: a lost race is tried again with it.
                        if (!created.already_there) created.record.data = std::move(record.data);
                        return std::move(created.record);
                      });
}

absl::StatusOr<CreatedRecord> RecordCalls::CreateOnce(calls::Call& call,
                                                      const calls::Target& target,
                                                      const NewRecord& record,
                                                      storage::Durability durability) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  const policy::SubjectFacts subject_facts = FactsOf(subject);
  LETHE_TRY(desk_.Decide(call, Action::kPut, subject_facts));
  LETHE_ASSIGN(const policy::Category* category,
               desk_.CategoryOf(call, record.category, "record.category"));
  call.About(*category);
  const absl::Time origin = record.origin_time.value_or(desk_.now());
  const policy::RecordFacts facts{.origin_time = origin,
                                  .end = call.tenant->policy.EndOf(*category, origin)};
  LETHE_TRY(desk_.Decide(call, Action::kPut, subject_facts, category, &facts));
  LETHE_ASSIGN(std::optional<records::Scope> scope, stores_.scopes.Find(subject, category->id));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  if (once.Before() == nullptr) {
    return WriteNew(call, subject, *category, record, once, std::move(scope), durability);
  }
  if (!scope.has_value()) return calls::OtherBody();
  LETHE_ASSIGN(const Secret category_key, stores_.scopes.KeyOf(subject, *scope));
  LETHE_ASSIGN(const auto* before, once.Before(calls::BodyMacOf(category_key, record)));
  return ReplayCreate(call, subject, *before);
}

absl::StatusOr<CreatedRecord> RecordCalls::ReplayCreate(calls::Call& call,
                                                        const OpenSubject& subject,
                                                        const records::RequestRow& before) {
  CreatedRecord created{.already_there = true};
  const auto tag = RecordTag::FromBytes(before.tag);
  const auto found = stores_.records.Find(subject, tag);
  if (absl::IsNotFound(found.status())) {
    created.record.tag = tag;
    created.gone = true;
  } else {
    LETHE_TRY(found.status());
    LETHE_ASSIGN(created.record, OpenAllowed(call, subject, Action::kGet, *found));
    call.event.count = 1;
  }
  LETHE_TRY(desk_.CommitRead(call));
  return created;
}

absl::StatusOr<CreatedRecord> RecordCalls::WriteNew(calls::Call& call, OpenSubject& subject,
                                                    const policy::Category& category,
                                                    const NewRecord& record,
                                                    const calls::OnceOnly& once,
                                                    std::optional<records::Scope> scope,
                                                    storage::Durability durability) {
  if (subject.header.records >= limits::kRecordsPerSubjectMax) {
    return Refuse(Reason::kTooMany, "a subject has a limit of records", {}, "records_per_subject");
  }
  records::Change change;
  Secret category_key;
  if (scope.has_value()) {
    LETHE_ASSIGN(category_key, stores_.scopes.KeyOf(subject, *scope));
  } else {
    LETHE_ASSIGN(scope, stores_.scopes.Draft(subject, category.id, change, category_key));
  }
  const auto tag = RecordTag::Draw(stores_.random);
  // Before it is sealed: from then on the plaintext is not touched again.
  const records::RequestRow remembered{.tag = records::TagBytesOf(tag.bytes()),
                                       .number = 1,
                                       .body = calls::BodyMacOf(category_key, record)};
  records::RecordDraft draft{.meta = MetaOf(record, desk_.now())};
  LETHE_TRY(stores_.records.Put(subject, category, *scope, category_key, tag, record.data, draft,
                                change));
  CountIn(*scope, draft.end);
  stores_.scopes.Put(subject, *scope, change.batch);
  ++subject.header.records;
  stores_.subjects.Put(subject, change.batch);
  once.Remember(remembered, change.batch);
  call.event.count = 1;
  LETHE_TRY(desk_.Commit(call, change, durability));
  return CreatedRecord{.record = ToRecord(subject, tag, category, draft.header, draft.end,
                                          {{}, std::move(draft.meta)})};
}

absl::StatusOr<Record> RecordCalls::GetRecord(const Caller& caller, const SubjectTag& subject_tag,
                                              const RecordTag& record) {
  return desk_.Answer(
      desk_.Open(caller, audit::Method::kGetRecord),
      [&](calls::Call& call) -> absl::StatusOr<Record> {
        LETHE_TRY(desk_.Admit(call, false));
        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject_tag));
        SubjectLocks::Shared hold(stores_.locks, target.tag);
        LETHE_ASSIGN(const OpenSubject subject, desk_.Load(call, target));
        // Permission before existence.
        LETHE_TRY(desk_.Decide(call, Action::kGet, FactsOf(subject)));
        LETHE_ASSIGN(const FoundRecord found, stores_.records.Find(subject, record));
        call.About(*found.category);
        LETHE_ASSIGN(Record opened, OpenAllowed(call, subject, Action::kGet, found));
        call.event.count = 1;
        LETHE_TRY(desk_.CommitRead(call));
        return opened;
      });
}

absl::StatusOr<Record> RecordCalls::OpenAllowed(const calls::Call& call, const OpenSubject& subject,
                                                Action action, const FoundRecord& found) {
  const policy::SubjectFacts subject_facts = FactsOf(subject);
  policy::RecordFacts facts = FactsOf(found, subject.header);
  LETHE_TRY(desk_.Decide(call, action, subject_facts, found.category, &facts));
  LETHE_ASSIGN(Record record, stores_.records.Open(subject, found));
  if (!found.end.has_value()) {
    // Stored while its category had no end. A later policy's shorter rule counts from the origin
    // time, which only the body knows.
    record.expire_time = facts.end = call.tenant->policy.EndOf(*found.category, record.origin_time);
    LETHE_TRY(desk_.Decide(call, action, subject_facts, found.category, &facts));
  }
  return record;
}

}  // namespace lethe::vault::data
