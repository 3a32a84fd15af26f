#include "vault/records/record_store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

absl::Status NoSuchRecord() { return Refuse(Reason::kResourceNotFound, "no such record"); }

DataKeyInputs InputsOf(const RecordHeader& header, const RecordTag& tag,
                       const Secret& record_secret, const Secret* period_secret) {
  return DataKeyInputs{.flags = header.flags,
                       .record_secret = record_secret,
                       .period_secret = period_secret,
                       .record = tag,
                       .version = header.version,
                       .format = kRecordFormat};
}

}  // namespace

policy::RecordFacts FactsOf(const FoundRecord& record, const SubjectHeader& subject) {
  return policy::RecordFacts{.end = record.end,
                             .withheld = subject.state == SubjectState::kPartiallyErased,
                             .over = record.period.has_value() && !record.period->living};
}

absl::StatusOr<FoundRecord> RecordStore::Find(const OpenSubject& subject,
                                              const RecordTag& tag) const {
  std::string key = row_key::Record(subject.tenant->tag, subject.tag, tag);
  auto row = engine_.Get(table::kRecord, key);
  if (absl::IsNotFound(row.status())) return NoSuchRecord();
  LETHE_TRY(row.status());
  LETHE_ASSIGN(std::optional<FoundRecord> found,
               Describe(subject, storage::Row{std::move(key), *std::move(row)}));
  if (!found.has_value()) return NoSuchRecord();
  return *std::move(found);
}

absl::StatusOr<std::optional<FoundRecord>> RecordStore::Describe(const OpenSubject& subject,
                                                                 storage::Row row) const {
  FoundRecord found;
  found.row_key = std::move(row.key);
  found.row = std::move(row.value);
  found.tag = RecordTag::FromBytes(AsBytes(found.row_key).last(RecordTag::kBytes));
  LETHE_ASSIGN(found.parsed, ReadRecordRow(AsBytes(found.row)));
  LETHE_ASSIGN(std::optional<Scope> scope, scopes_.Find(subject, found.parsed.header.category));
  if (!scope.has_value()) return std::optional<FoundRecord>();
  found.scope = *std::move(scope);
  found.category = subject.tenant->policy.FindById(found.scope.category_id);
  if (found.category == nullptr) {
    return Refuse(Reason::kCategoryUnknown, "the policy does not know a record's category");
  }
  if (found.parsed.header.period != kNoSelector) {
    LETHE_ASSIGN(found.period, periods_.Find(*subject.tenant, found.parsed.header.period));
    found.end = EndOf(*found.period, *found.category);
  }
  return std::optional<FoundRecord>(std::move(found));
}

absl::StatusOr<storage::PageOfRows> RecordStore::NextPage(const OpenSubject& subject,
                                                          std::string& after,
                                                          std::size_t limit) const {
  storage::Range range{.prefix = row_key::Subject(subject.tenant->tag, subject.tag),
                       .after = std::move(after)};
  auto page = storage::NextPage(engine_, table::kRecord, range, limit);
  after = std::move(range.after);
  return page;
}

absl::StatusOr<Record> RecordStore::Open(const OpenSubject& subject, const FoundRecord& found) {
  const RecordHeader& header = found.parsed.header;
  LETHE_ASSIGN(const Secret category_key, scopes_.KeyOf(subject, found.scope));
  LETHE_ASSIGN(const Secret record_secret, tree_.Unwrap(header.leaf, header.wrapped));
  LETHE_ASSIGN(const Secret key, KeyOf(subject, found, category_key, record_secret));
  LETHE_ASSIGN(RecordBody body, OpenRecord(key, found.row_key, found.parsed));
  return ToRecord(subject, found.tag, *found.category, header, found.end, std::move(body));
}

absl::StatusOr<Secret> RecordStore::KeyOf(const OpenSubject& subject, const FoundRecord& found,
                                          const Secret& category_key,
                                          const Secret& record_secret) const {
  const RecordHeader& header = found.parsed.header;
  if (!found.period.has_value()) {
    return DataKey(category_key, InputsOf(header, found.tag, record_secret, nullptr));
  }
  if (found.period->living) {
    LETHE_ASSIGN(const Secret period_secret, periods_.SecretOf(*found.period));
    return DataKey(category_key, InputsOf(header, found.tag, record_secret, &period_secret));
  }
  LETHE_ASSIGN(const Act* holder, holds_.HolderOf(found.row_key, subject));
  if (holder == nullptr) return NoSuchRecord();
  LETHE_ASSIGN(const Secret act_secret, tree_.Unwrap(holder->leaf));
  return holds_.Open(found.row_key, DataKey(category_key, InputsOf(header, found.tag, record_secret,
                                                                   &act_secret)));
}

absl::Status RecordStore::Hold(const OpenSubject& subject, const FoundRecord& found,
                               storage::Batch& change) {
  LETHE_ASSIGN(const Act* holder, holds_.HolderOf(found.row_key, subject));
  if (holder != nullptr) return absl::OkStatus();
  const Act* restriction = subject.Find(ActKind::kRestriction);
  LETHE_CHECK(restriction != nullptr);  // The caller has looked.
  const RecordHeader& header = found.parsed.header;
  LETHE_ASSIGN(const Secret category_key, scopes_.KeyOf(subject, found.scope));
  LETHE_ASSIGN(const Secret record_secret, tree_.Unwrap(header.leaf, header.wrapped));
  LETHE_ASSIGN(const Secret period_secret, tree_.Unwrap(found.period->leaf));
  LETHE_ASSIGN(const Secret act_secret, tree_.Unwrap(restriction->leaf));
  HoldStore::Put(found.row_key, *restriction,
                 DataKey(category_key, InputsOf(header, found.tag, record_secret, &act_secret)),
                 DataKey(category_key, InputsOf(header, found.tag, record_secret, &period_secret)),
                 change);
  return absl::OkStatus();
}

absl::Status RecordStore::Put(const OpenSubject& subject, const policy::Category& category,
                              const Scope& scope, const Secret& category_key, const RecordTag& tag,
                              std::string_view data, RecordDraft& draft, Change& change) const {
  Secret period_secret;
  draft.header.category = scope.selector;
  const bool shares_period = category.counts_from_creation();
  if (shares_period) {
    LETHE_ASSIGN(const Period period,
                 periods_.FindOrDraft(*subject.tenant, category, draft.meta.origin_time, change,
                                      period_secret));
    draft.header.period = period.selector;
    draft.end = EndOf(period, category);
  }
  return Seal(subject, category_key, shares_period ? &period_secret : nullptr, tag, data, draft,
              change);
}

absl::Status RecordStore::PutNext(const OpenSubject& subject, const FoundRecord& old,
                                  const Secret& category_key, std::string_view data,
                                  RecordDraft& draft, Change& change) const {
  draft.header.version = old.parsed.header.version + 1;
  draft.header.category = old.scope.selector;
  draft.header.period = old.parsed.header.period;
  draft.end = old.end;
  change.batch.ExpectValue(table::kRecord, old.row_key, old.row);
  Secret period_secret;
  if (old.period.has_value()) {
    LETHE_ASSIGN(period_secret, periods_.SecretOf(*old.period));
  }
  return Seal(subject, category_key, old.period.has_value() ? &period_secret : nullptr, old.tag,
              data, draft, change);
}

absl::Status RecordStore::Seal(const OpenSubject& subject, const Secret& category_key,
                               const Secret* period_secret, const RecordTag& tag,
                               std::string_view data, RecordDraft& draft, Change& change) const {
  LETHE_ASSIGN(keytree::LeafDraft leaf, tree_.Draft(change.batch));
  draft.header.leaf = leaf.place;
  draft.header.wrapped = leaf.wrapped;
  const Secret key = DataKey(category_key, InputsOf(draft.header, tag, leaf.secret, period_secret));
  const std::string row_key = row_key::Record(subject.tenant->tag, subject.tag, tag);
  change.batch.Put(table::kRecord, row_key,
                   SealRecord(key, row_key, draft.header, data, draft.meta));
  change.drafts.push_back(std::move(leaf));
  return absl::OkStatus();
}

Record ToRecord(const OpenSubject& subject, const RecordTag& tag, const policy::Category& category,
                const RecordHeader& header, std::optional<absl::Time> end, RecordBody body) {
  Record record;
  record.subject = subject.tag;
  record.tag = tag;
  record.category = category.name;
  record.data = std::move(body.data);
  record.media_type = std::move(body.meta.media_type);
  record.source = body.meta.source;
  record.source_detail = std::move(body.meta.source_detail);
  record.origin_time = body.meta.origin_time;
  record.create_time = body.meta.create_time;
  record.update_time = body.meta.update_time;
  record.expire_time = end;
  record.version = header.version;
  record.etag = EtagOf(header);
  return record;
}

}  // namespace lethe::vault::records
