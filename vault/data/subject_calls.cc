#include "vault/data/subject_calls.h"

#include <utility>

#include "base/status_macros.h"
#include "vault/model/request_rules.h"

namespace lethe::vault::data {
namespace {

using policy::Action;
using records::OpenSubject;
using records::SubjectLocks;

}  // namespace

absl::StatusOr<Subject> SubjectCalls::CreateSubject(const Caller& caller,
                                                    std::span<const Identifier> identifiers) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kCreateSubject),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckIdentifiers(identifiers, "identifiers"));
                        LETHE_TRY(desk_.Decide(call, Action::kCreateSubject, {}));
                        LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call));
                        const auto* before = once.Before();
                        if (before != nullptr) return ReplayCreate(call, *before, identifiers);
                        return Write(call, identifiers, &once, storage::Durability::kSynced);
                      });
}

absl::StatusOr<Subject> SubjectCalls::CreateFor(calls::Call& call,
                                                std::span<const Identifier> identifiers) {
  LETHE_TRY(CheckIdentifiers(identifiers, "identifiers"));
  LETHE_TRY(desk_.Decide(call, Action::kCreateSubject, {}));
  return Write(call, identifiers, nullptr, storage::Durability::kWritten);
}

absl::StatusOr<Subject> SubjectCalls::Write(calls::Call& call,
                                            std::span<const Identifier> identifiers,
                                            const calls::OnceOnly* once,
                                            storage::Durability durability) {
  if (!identifiers.empty()) LETHE_TRY(stores_.identifier_table.CheckComplete());
  LETHE_ASSIGN(auto reservation,
               stores_.identifier_table.Reserve(FingerprintsOf(call, identifiers)));
  if (!identifiers.empty()) LETHE_TRY(stores_.identifier_table.CheckWhole(call.tenant->tag));
  records::Change change;
  LETHE_ASSIGN(OpenSubject subject, stores_.subjects.Draft(*call.tenant, desk_.now(), change));
  for (const Identifier& identifier : identifiers) {
    LETHE_TRY(stores_.identifiers.Add(subject, identifier, change).status());
  }
  stores_.subjects.Put(subject, change.batch);
  if (once != nullptr) {
    once->Remember(
        {.tag = records::TagBytesOf(subject.tag.bytes()), .number = subject.header.identifiers},
        change.batch);
  }
  call.About(subject.tag);
  LETHE_TRY(desk_.Commit(call, change, durability));
  std::move(reservation).Publish(subject.tag);
  return ToSubject(subject);
}

// The body was the identifiers. No MAC of them is kept: it would outlive them, and guesses at them
// could be checked. They are compared with those the subject has.
absl::StatusOr<Subject> SubjectCalls::ReplayCreate(calls::Call& call,
                                                   const records::RequestRow& before,
                                                   std::span<const Identifier> identifiers) {
  const calls::Target target{SubjectTag::FromBytes(before.tag)};
  SubjectLocks::Shared hold(stores_.locks, target.tag);
  LETHE_ASSIGN(const OpenSubject subject, desk_.Load(call, target));
  bool same = identifiers.size() == before.number;
  for (const Identifier& identifier : identifiers) {
    LETHE_ASSIGN(const bool has, stores_.identifiers.Has(subject, identifier));
    same = same && has;
  }
  if (!same) return calls::OtherBody();
  LETHE_TRY(desk_.CommitRead(call));
  return ToSubject(subject);
}

absl::StatusOr<Subject> SubjectCalls::GetSubject(const Caller& caller,
                                                 const SubjectRef& subject_ref) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kGetSubject),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, false));
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject_ref));
                        SubjectLocks::Shared hold(stores_.locks, target.tag);
                        LETHE_ASSIGN(const OpenSubject subject, desk_.Load(call, target));
                        const Action action =
                            target.by != nullptr ? Action::kLookUp : Action::kReadSubject;
                        LETHE_TRY(desk_.Decide(call, action, FactsOf(subject)));
                        LETHE_TRY(desk_.CommitRead(call));
                        return ToSubject(subject);
                      });
}

absl::StatusOr<Page<Subject>> SubjectCalls::ListSubjects(const Caller& caller,
                                                         const PageRequest& page) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kListSubjects),
                      [&](calls::Call& call) -> absl::StatusOr<Page<Subject>> {
                        LETHE_TRY(desk_.Admit(call, false));
                        LETHE_TRY(CheckPage(page));
                        LETHE_TRY(desk_.Decide(call, Action::kListSubjects, {}));
                        const records::PageScope scope{.method = call.event.method,
                                                       .tenant = call.tenant->tag,
                                                       .purpose = caller.purpose,
                                                       .principal = caller.principal.id};
                        std::string after;
                        if (!page.token.empty()) {
                          LETHE_ASSIGN(const auto position,
                                       stores_.page_tokens.Open(scope, page.token));
                          after = position.after;
                        }
                        return PageFrom(call, scope, std::move(after), records::PageSize(page));
                      });
}

// One scan a page: erased subjects leave gaps, so a page may hold fewer than asked, or none.
absl::StatusOr<Page<Subject>> SubjectCalls::PageFrom(calls::Call& call,
                                                     const records::PageScope& scope,
                                                     std::string after, std::size_t size) {
  LETHE_ASSIGN(auto rows,
               stores_.engine().Scan(
                   table::kSubject,
                   {.prefix = row_key::Tenant(call.tenant->tag), .after = std::move(after)}, size));
  Page<Subject> page;
  call.event.subjects.clear();
  for (const storage::Row& row : rows) {
    const auto tag = SubjectTag::FromBytes(AsBytes(row.key).last(SubjectTag::kBytes));
    SubjectLocks::Shared hold(stores_.locks, tag);
    if (stores_.erasing.Contains(tag)) continue;
    const auto subject = stores_.subjects.Load(*call.tenant, tag);
    if (absl::IsNotFound(subject.status())) continue;
    LETHE_TRY(subject.status());
    if (subject->header.scheduled) continue;
    // What a law keeps after an erase exists for those alone who serve it.
    if (!desk_.Decide(call, Action::kReadSubject, FactsOf(*subject)).ok()) continue;
    page.items.push_back(ToSubject(*subject));
    call.event.subjects.push_back(tag);
  }
  if (rows.size() == size) {
    page.next_page_token = stores_.page_tokens.Seal(scope, {.after = rows.back().key});
  }
  LETHE_TRY(desk_.CommitRead(call));
  return page;
}

std::vector<records::IdentifierTable::Fingerprint> SubjectCalls::FingerprintsOf(
    const calls::Call& call, std::span<const Identifier> identifiers) const {
  std::vector<records::IdentifierTable::Fingerprint> fingerprints;
  for (const Identifier& identifier : identifiers) {
    fingerprints.push_back(stores_.identifier_table.Of(call.tenant->tag, identifier));
  }
  return fingerprints;
}

}  // namespace lethe::vault::data
