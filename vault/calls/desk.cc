#include "vault/calls/desk.h"

#include <string>
#include <utility>

#include "base/status_macros.h"
#include "vault/model/request_rules.h"

namespace lethe::vault::calls {
namespace {

absl::Status NoSuchSubject() { return Refuse(Reason::kResourceNotFound, "no such subject"); }

}  // namespace

// A refusal that names a field is the caller's to mend, not ours to try again.
bool Desk::LostRace(const absl::Status& status) {
  return ReasonOf(status) == Reason::kConcurrentChange && FieldOf(status).empty();
}

Call Desk::Open(const Caller& caller, audit::Method method) const {
  Call call{.caller = caller};
  call.event.method = method;
  call.event.principal = stores.audit_tags.OfPrincipal(caller.principal.id);
  call.event.request_mac = stores.audit_tags.OfRequest(caller.request_id, now());
  return call;
}

absl::Status Desk::Admit(Call& call, bool changes) const {
  const Caller& caller = call.caller;
  // The tenant first: whatever lies outside it answers the same, well-formed or not.
  tenants::TenantHandle tenant = stores.tenants.Find(caller.tenant);
  if (caller.tenant.empty() || caller.principal.tenant != caller.tenant || tenant == nullptr) {
    return Refuse(Reason::kTenantMismatch, "the caller belongs to another tenant", {}, "tenant");
  }
  call.event.tenant = tenant->tag;
  LETHE_TRY(CheckCaller(caller, changes));
  const bool leaving = tenant->phase == tenants::TenantPhase::kWithdrawn ||
                       (tenant->phase == tenants::TenantPhase::kOffboarding && changes);
  if (leaving) return Refuse(Reason::kErasureInProgress, "the tenant is being offboarded");
  // Only a word of the policy's is fit for the log.
  if (tenant->policy.KnowsPurpose(caller.purpose)) call.event.purpose = caller.purpose;
  call.tenant = std::move(tenant);
  if (now() > caller.deadline) {
    return Refuse(Reason::kDeadlinePassed, "the call's deadline has passed");
  }
  return changes ? stores.tree->CheckWritable() : absl::OkStatus();
}

absl::StatusOr<Target> Desk::Resolve(const Call& call, const SubjectRef& subject) const {
  return Resolve(call, subject, call.tenant->policy.ServesAnyObligation(call.caller.purpose));
}

absl::StatusOr<Target> Desk::Resolve(const Call& call, const SubjectRef& subject,
                                     bool withheld_too) const {
  LETHE_TRY(CheckSubjectRef(subject));
  const auto* identifier = std::get_if<Identifier>(&subject);
  if (identifier == nullptr) return Target{std::get<SubjectTag>(subject)};
  LETHE_TRY(stores.identifier_table.CheckComplete());
  const auto tag = stores.identifier_table.Find(
      stores.identifier_table.Of(call.tenant->tag, *identifier), withheld_too);
  if (tag.has_value()) return Target{*tag, identifier};
  LETHE_TRY(stores.identifier_table.CheckWhole(call.tenant->tag));
  return NoSuchSubject();
}

absl::StatusOr<records::OpenSubject> Desk::Load(Call& call, const Target& target) const {
  if (stores.erasing.Contains(target.tag)) {
    return Refuse(Reason::kErasureInProgress, "the subject is being erased", {}, "Art. 17");
  }
  auto subject = stores.subjects.Load(*call.tenant, target.tag);
  // Erased since it was looked up: an identifier then answers like one never seen.
  if (target.by != nullptr && absl::IsNotFound(subject.status())) return NoSuchSubject();
  LETHE_TRY(subject.status());
  if (subject->header.scheduled) {
    return Refuse(Reason::kErasureInProgress, "the subject is scheduled for erasure", {},
                  "Art. 17");
  }
  if (target.by != nullptr) {
    LETHE_ASSIGN(const bool still, stores.identifiers.Has(*subject, *target.by));
    if (!still) return NoSuchSubject();
  }
  call.About(target.tag);
  return subject;
}

absl::Status Desk::Decide(const Call& call, policy::Action action,
                          const policy::SubjectFacts& subject, const policy::Category* category,
                          const policy::RecordFacts* record) const {
  return policy::Decide(call.caller, action, call.caller.purpose, subject, category, record,
                        call.tenant->policy, now());
}

absl::StatusOr<const policy::Category*> Desk::CategoryOf(const Call& call, const std::string& name,
                                                         std::string_view field) const {
  const policy::Category* category = call.tenant->policy.Find(name);
  if (category != nullptr) return category;
  return Refuse(Reason::kCategoryUnknown, "the policy has no such category", field, "category");
}

absl::Status Desk::Commit(const Call& call, records::Change& change, storage::Durability durability,
                          storage::Room room) const {
  return stores.journal->Commit({call.event}, std::move(change.batch), durability, room).status();
}

absl::Status Desk::CommitRead(const Call& call) const {
  const auto durability = stores.options.durable_reads && !call.synced_later
                              ? storage::Durability::kSynced
                              : storage::Durability::kWritten;
  return stores.journal->Commit({call.event}, {}, durability, storage::Room::kReserve).status();
}

absl::Status Desk::JournalRefusal(Call& call, const absl::Status& refusal) const {
  const std::optional<Reason> reason = ReasonOf(refusal);
  if (reason == Reason::kSealed || reason == Reason::kShuttingDown) return refusal;
  call.event.code = static_cast<std::uint8_t>(refusal.code());
  call.event.rule = reason.has_value() ? std::string(NameOf(*reason)) : std::string();
  call.event.count = 0;
  const absl::Status journalled = CommitRead(call);
  return journalled.ok() ? refusal : journalled;
}

}  // namespace lethe::vault::calls
