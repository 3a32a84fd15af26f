#include "vault/records/subject_store.h"

#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::records {

absl::StatusOr<OpenSubject> SubjectStore::Load(const tenants::Tenant& tenant,
                                               const SubjectTag& tag) const {
  LETHE_ASSIGN(OpenSubject subject, LoadWithoutActs(tenant, tag));
  LETHE_TRY(acts_.Load(subject));
  return subject;
}

absl::StatusOr<OpenSubject> SubjectStore::LoadWithoutActs(const tenants::Tenant& tenant,
                                                          const SubjectTag& tag) const {
  auto row = engine_.Get(table::kSubject, row_key::Subject(tenant.tag, tag));
  if (absl::IsNotFound(row.status())) return Refuse(Reason::kResourceNotFound, "no such subject");
  LETHE_TRY(row.status());
  return Open(tenant, tag, *std::move(row));
}

absl::StatusOr<OpenSubject> SubjectStore::Open(const tenants::Tenant& tenant, const SubjectTag& tag,
                                               std::string row) const {
  OpenSubject subject{.tenant = &tenant,
                      .tag = tag,
                      .row_key = row_key::Subject(tenant.tag, tag),
                      .row = std::move(row)};
  LETHE_ASSIGN(const auto read, ReadSubjectRow(AsBytes(subject.row)));
  const auto* living = std::get_if<LivingSubject>(&read);
  if (living == nullptr) return Refuse(Reason::kSubjectErased, "the subject was erased");
  subject.leaf = living->leaf;
  LETHE_ASSIGN(subject.key, KeyOf(tenant, tag, subject.leaf));
  LETHE_ASSIGN(subject.header, OpenHeader(subject.key, subject.row_key, *living));
  // What a duty keeps is all that is left of anybody, though not every header has been told.
  if (tenant.phase == tenants::TenantPhase::kOffboarding) {
    subject.header.state = SubjectState::kPartiallyErased;
  }
  return subject;
}

absl::StatusOr<Secret> SubjectStore::KeyOf(const tenants::Tenant& tenant, const SubjectTag& tag,
                                           const Place& leaf) const {
  if (Secret cached = cache_.Find(leaf); !cached.empty()) return cached;
  const absl::StatusOr<Secret> secret = tree_.Unwrap(leaf);
  // The row names a leaf that is not there, and no erase is under way: an alarm, not an absence.
  if (absl::IsNotFound(secret.status())) {
    return Refuse(Reason::kLeafLost, "a subject's secret is missing");
  }
  LETHE_TRY(secret.status());
  Secret key = SubjectKey(*secret, tenant.secret, tenant.name, tag);
  cache_.Remember(leaf, key);
  return key;
}

absl::StatusOr<OpenSubject> SubjectStore::Draft(const tenants::Tenant& tenant, absl::Time now,
                                                Change& change) const {
  OpenSubject subject{.tenant = &tenant, .tag = SubjectTag::Draw(random_)};
  subject.row_key = row_key::Subject(tenant.tag, subject.tag);
  subject.header.create_time = now;
  LETHE_ASSIGN(subject.header.spot, tree_.ReserveSpot());
  LETHE_ASSIGN(keytree::LeafDraft draft, tree_.DraftPersonal(subject.header.spot, change.batch));
  subject.leaf = draft.place;
  subject.key = SubjectKey(draft.secret, tenant.secret, tenant.name, subject.tag);
  change.drafts.push_back(std::move(draft));
  return subject;
}

void SubjectStore::Put(OpenSubject& subject, storage::Batch& change) const {
  if (subject.row.empty()) {
    change.ExpectAbsent(table::kSubject, subject.row_key);
  } else {
    change.ExpectValue(table::kSubject, subject.row_key, subject.row);
  }
  PutUnconditionally(subject, change);
}

void SubjectStore::PutUnconditionally(OpenSubject& subject, storage::Batch& change) const {
  ++subject.header.change_counter;
  random_.Fill(subject.header.etag);
  subject.row = SealHeader(subject.key, subject.row_key, subject.leaf, subject.header);
  change.Put(table::kSubject, subject.row_key, subject.row);
}

}  // namespace lethe::vault::records
