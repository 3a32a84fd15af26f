// The desk: what every call is made of, so that each call itself reads like its own description.
//
// The order of every call: fields and tenant (Admit) -> whom it names (Resolve) -> lock -> header
// (Load) -> Decide -> what the decision allows -> Commit with its event.
#ifndef LETHE_VAULT_CALLS_DESK_H_
#define LETHE_VAULT_CALLS_DESK_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "base/reason.h"
#include "vault/calls/call.h"
#include "vault/calls/stores.h"
#include "vault/policy/decision.h"

namespace lethe::vault::calls {

// Whom a request names. `by` must hold when the subject is loaded, too.
struct Target {
  SubjectTag tag;
  const Identifier* by = nullptr;
};

// Thread-safe.
class Desk {
 public:
  explicit Desk(Stores& the_stores) : stores(the_stores) {}

  Call Open(const Caller& caller, audit::Method method) const;

  // Runs `body`, again while others win the race for a row. A refusal is in the journal before it
  // is answered.
  template <typename Body>
  auto Answer(Call call, const Body& body) const -> decltype(body(call)) {
    auto result = body(call);
    for (int attempt = 1; attempt < kAttemptsMax && LostRace(result.status()); ++attempt) {
      absl::SleepFor(attempt * kRetryStep);
      result = body(call);
    }
    if (result.ok()) return result;
    return JournalRefusal(call, result.status());
  }

  // kFieldInvalid, kFieldRequired, kTenantMismatch, kDeadlinePassed; kHolderUnreachable: a change
  // would rest on a key holder that the next start does not find.
  absl::Status Admit(Call& call, bool changes) const;
  // kIndexLoading; kResourceNotFound for an identifier nobody has. `withheld_too`: also one that is
  // kept by a duty of law, as those may know who serve the duty or ask for the person.
  absl::StatusOr<Target> Resolve(const Call& call, const SubjectRef& subject,
                                 bool withheld_too) const;
  // The same with the answer that the call's purpose gives.
  absl::StatusOr<Target> Resolve(const Call& call, const SubjectRef& subject) const;
  // The caller holds the subject's lock. kErasureInProgress and SubjectStore's.
  absl::StatusOr<records::OpenSubject> Load(Call& call, const Target& target) const;

  absl::Status Decide(const Call& call, policy::Action action, const policy::SubjectFacts& subject,
                      const policy::Category* category = nullptr,
                      const policy::RecordFacts* record = nullptr) const;

  // kCategoryUnknown, blaming `field`.
  absl::StatusOr<const policy::Category*> CategoryOf(const Call& call, const std::string& name,
                                                     std::string_view field) const;

  absl::Status Commit(const Call& call, records::Change& change,
                      storage::Durability durability = storage::Durability::kSynced,
                      storage::Room room = storage::Room::kSpare) const;
  // A read or a refusal: in the journal before its answer leaves.
  absl::Status CommitRead(const Call& call) const;
  // The status to answer: `refusal`, or why it could not be journalled.
  absl::Status JournalRefusal(Call& call, const absl::Status& refusal) const;

  absl::Time now() const { return stores.clock.Now(); }

  Stores& stores;

 private:
  // Writers of one subject take turns, so a race is lost to a new period, a growing tree or a twin
  // of the same request: a few milliseconds each.
  static constexpr int kAttemptsMax = 16;
  static constexpr absl::Duration kRetryStep = absl::Microseconds(250);

  static bool LostRace(const absl::Status& status);
};

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_DESK_H_
