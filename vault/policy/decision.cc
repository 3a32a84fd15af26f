#include "vault/policy/decision.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::policy {
namespace {

// What a decision is about, handed from rule to rule.
struct Question {
  Action action;
  std::string_view purpose;
  const SubjectFacts& subject;
  const Category* category;
  const RecordFacts* record;
  const Policy& policy;
  absl::Time now;
};

absl::Status CheckTenant(const Caller& caller) {
  if (caller.tenant.empty() || caller.principal.tenant != caller.tenant) {
    return Refuse(Reason::kTenantMismatch, "the caller belongs to another tenant", {}, "tenant");
  }
  return absl::OkStatus();
}

// The person's own access asks for no purpose of the controller's.
bool IsOwnAccess(Action action) { return action == Action::kAccess; }

absl::Status CheckPurpose(const Question& q) {
  if (!q.policy.KnowsPurpose(q.purpose)) {
    return Refuse(Reason::kPurposeNotAllowed, "the policy does not declare this purpose", "purpose",
                  "purposes");
  }
  if (q.category == nullptr || IsOwnAccess(q.action)) return absl::OkStatus();
  if (!q.policy.Allows(q.purpose, *q.category)) {
    return Refuse(Reason::kPurposeNotAllowed, "the category does not allow this purpose", "purpose",
                  "category.purposes");
  }
  if (q.action == Action::kExport && !q.category->portable) {
    return Refuse(Reason::kPurposeNotAllowed, "the category is not portable (Art. 20)", {},
                  "category.origin_portable");
  }
  return absl::OkStatus();
}

// After a partial erase: what a duty of law keeps serves that duty and the person's access alone.
// To everybody else the subject is as erased as any.
absl::Status CheckErased(const Question& q) {
  const absl::Status erased = Refuse(Reason::kSubjectErased, "the subject was erased");
  if (q.subject.state == SubjectState::kErased) return erased;
  const bool withheld = q.subject.state == SubjectState::kPartiallyErased ||
                        (q.record != nullptr && q.record->withheld);
  if (!withheld) return absl::OkStatus();
  switch (q.action) {
    case Action::kAccess:
    case Action::kErase:
    case Action::kBeginAct:
    case Action::kEndAct:
    case Action::kListSubjects:
    case Action::kCreateSubject:
      return absl::OkStatus();
    case Action::kExport:
    case Action::kChangeIdentifier:
      return erased;
    default:
      break;
  }
  const bool serves = q.category == nullptr ? q.policy.ServesAnyObligation(q.purpose)
                                            : q.policy.ServesObligation(q.purpose, *q.category);
  return serves ? absl::OkStatus() : erased;
}

bool IsRestricted(const SubjectFacts& subject) {
  return std::ranges::find(subject.acts, ActKind::kRestriction, &ActFacts::kind) !=
         subject.acts.end();
}

bool EndsRestriction(const Question& q) {
  return q.action == Action::kEndAct && q.subject.act == ActKind::kRestriction;
}

// Art. 18(2): restricted data is stored, and shown to the person; nothing else.
absl::Status CheckRestricted(const Question& q) {
  if (!IsRestricted(q.subject)) {
    if (!EndsRestriction(q)) return absl::OkStatus();
    return Refuse(Reason::kNotRestricted, "no restriction is in force", {}, "Art. 18");
  }
  switch (q.action) {
    case Action::kCreateSubject:
    case Action::kReadSubject:
    case Action::kListSubjects:
    case Action::kLookUp:
    case Action::kAccess:
      return absl::OkStatus();
    case Action::kEndAct:
      if (EndsRestriction(q)) return absl::OkStatus();
      break;
    case Action::kErase:
      // The person's own request ends the restriction that protects them.
      if (q.subject.initiator == Initiator::kDataSubject) return absl::OkStatus();
      break;
    default:
      break;
  }
  return Refuse(Reason::kProcessingRestricted, "processing is restricted", {}, "Art. 18");
}

absl::Status CheckRetention(const Question& q) {
  if (q.record == nullptr) return absl::OkStatus();
  if (q.record->over || (q.record->end.has_value() && q.now >= *q.record->end)) {
    if (q.action == Action::kPut) {
      return Refuse(Reason::kRetentionOver, "the record's retention is already over",
                    "record.origin_time", "category.period");
    }
    // A restriction stops the clock (Art. 18(1)(c)): the person still sees what it keeps.
    if (IsOwnAccess(q.action) && IsRestricted(q.subject)) return absl::OkStatus();
    return Refuse(Reason::kResourceNotFound, "no such record", {}, "category.period");
  }
  if (q.action == Action::kDelete && q.category != nullptr && q.category->legal_obligation) {
    return Refuse(Reason::kLegalRetention, "a legal obligation keeps this record", {},
                  "category.legal_obligation");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Decide(const Caller& caller, Action action, std::string_view purpose,
                    const SubjectFacts& subject, const Category* category,
                    const RecordFacts* record, const Policy& policy, absl::Time now) {
  const Question question{action, purpose, subject, category, record, policy, now};
  LETHE_TRY(CheckTenant(caller));
  LETHE_TRY(CheckPurpose(question));
  if (subject.erasing) {
    return Refuse(Reason::kErasureInProgress, "the subject is being erased", {}, "Art. 17");
  }
  LETHE_TRY(CheckErased(question));
  LETHE_TRY(CheckRestricted(question));
  return CheckRetention(question);
}

}  // namespace lethe::vault::policy
