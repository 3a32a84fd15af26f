// Restriction of processing (Art. 18), a kind of act: setting it is O(1), and lifting it destroys
// what was written about it.
#ifndef LETHE_VAULT_ACTS_RESTRICTION_CALLS_H_
#define LETHE_VAULT_ACTS_RESTRICTION_CALLS_H_

#include "vault/acts/act_calls.h"
#include "vault/model/restriction.h"
#include "vault/vault.h"

namespace lethe::vault::acts {

// What a restriction says:   U8 ground | review time | Short reason
Plaintext TextOf(const Restriction& restriction);
absl::StatusOr<Restriction> ReadRestriction(Bytes text);

class RestrictionCalls : public virtual Rights {
 public:
  explicit RestrictionCalls(calls::Desk& desk) : desk_(desk), acts_(desk) {}

  absl::StatusOr<Subject> RestrictSubject(const Caller& caller, const SubjectRef& subject,
                                          const Restriction& restriction) override;
  absl::StatusOr<Subject> UnrestrictSubject(const Caller& caller, const SubjectRef& subject,
                                            absl::Time informed_time) override;

 private:
  absl::Status CheckInformed(absl::Time informed_time) const;

  calls::Desk& desk_;
  ActCalls acts_;
};

}  // namespace lethe::vault::acts

#endif  // LETHE_VAULT_ACTS_RESTRICTION_CALLS_H_
