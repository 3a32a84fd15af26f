// Restriction of processing (Art. 18): setting it is O(1), and lifting it destroys what was written
// about it.
#ifndef LETHE_VAULT_ACTS_RESTRICTION_CALLS_H_
#define LETHE_VAULT_ACTS_RESTRICTION_CALLS_H_

#include "vault/calls/once_only.h"
#include "vault/vault.h"

namespace lethe::vault::acts {

class RestrictionCalls : public virtual Rights {
 public:
  explicit RestrictionCalls(calls::Desk& desk) : desk_(desk), stores_(desk.stores) {}

  absl::StatusOr<Subject> RestrictSubject(const Caller& caller, const SubjectRef& subject,
                                          const Restriction& restriction) override;
  absl::StatusOr<Subject> UnrestrictSubject(const Caller& caller, const SubjectRef& subject,
                                            absl::Time informed_time) override;

 private:
  absl::StatusOr<Subject> RestrictOnce(calls::Call& call, const calls::Target& target,
                                       const Restriction& restriction);
  // The leaf that the lifted act leaves to be shredded; none for a replay.
  absl::StatusOr<std::optional<keytree::Place>> LiftOnce(calls::Call& call,
                                                         const calls::Target& target,
                                                         absl::Time informed_time, Subject& after);
  absl::Status CheckInformed(absl::Time informed_time) const;

  calls::Desk& desk_;
  calls::Stores& stores_;
};

}  // namespace lethe::vault::acts

#endif  // LETHE_VAULT_ACTS_RESTRICTION_CALLS_H_
