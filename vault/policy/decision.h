// Decide: the one function that says yes or no, asked on every call before a category's secret is
// unwrapped. Pure: no I/O, no clock, no locks.
#ifndef LETHE_VAULT_POLICY_DECISION_H_
#define LETHE_VAULT_POLICY_DECISION_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "vault/model/act.h"
#include "vault/model/caller.h"
#include "vault/model/erasure.h"
#include "vault/model/subject.h"
#include "vault/policy/policy.h"

namespace lethe::vault::policy {

enum class Action : std::uint8_t {
  kCreateSubject,
  kReadSubject,
  kListSubjects,
  kChangeIdentifier,
  kLookUp,
  kPut,
  kGet,
  kList,
  kUpdate,
  kDelete,
  kErase,
  kBeginAct,
  kEndAct,
  kAccess,
  kExport,
};

// What is known of an act in force.
struct ActFacts {
  ActKind kind = ActKind::kRestriction;
  ActTarget target = ActTarget::kPerson;
};

// What is known of the subject without any category's secret.
struct SubjectFacts {
  SubjectState state = SubjectState::kActive;
  std::vector<ActFacts> acts = {};
  bool erasing = false;
  Initiator initiator = Initiator::kController;  // kErase only.
  ActKind act = ActKind::kRestriction;           // kBeginAct and kEndAct only.
};

// What is known of a record from its header alone.
struct RecordFacts {
  absl::Time origin_time;
  std::optional<absl::Time> end;  // Exclusive; absent: the clock has not started.
  bool withheld = false;          // Survived an erase by its legal obligation.
  bool over = false;              // Its period was shredded; no clock brings it back.
};

// OK, or a refusal that names the rule and never the data:
//   kTenantMismatch, kPurposeNotAllowed, kErasureInProgress, kSubjectErased (also of what is
//   withheld, to purposes that do not serve the duty), kProcessingRestricted, kNotRestricted,
//   kLegalRetention, kRetentionOver (writes), kResourceNotFound (reads of what has ended: it is
//   dead already).
// `category` is null for acts on the whole subject, `record` for acts that have none.
absl::Status Decide(const Caller& caller, Action action, std::string_view purpose,
                    const SubjectFacts& subject, const Category* category,
                    const RecordFacts* record, const Policy& policy, absl::Time now);

}  // namespace lethe::vault::policy

#endif  // LETHE_VAULT_POLICY_DECISION_H_
