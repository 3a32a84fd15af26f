// Offboarding: the end of a tenant, as its controller asks for it (Art. 28(3)(g)).
//
//   no duty keeps anything   one shred of every tenant x category leaf and the tenant's own: of the
//                            whole tenant nothing opens any more
//   a duty keeps a category  one shred of all other categories' leaves; what is kept opens for its
//                            duty alone; the housekeeper erases subject after subject what the duty
//                            does not need (identifiers, first of all), and when the last subject
//                            is gone, the leaves that are left
//
// Nobody has a tenant's secrets in hand while they are shredded: calls under way end first, new
// ones are refused. A restriction stops it.
#ifndef LETHE_VAULT_OFFBOARDING_OFFBOARDING_H_
#define LETHE_VAULT_OFFBOARDING_OFFBOARDING_H_

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "vault/calls/desk.h"
#include "vault/chores/chore.h"
#include "vault/erasure/erase_calls.h"
#include "vault/vault.h"

namespace lethe::vault::offboarding {

class Offboarding : public virtual Rights {
 public:
  Offboarding(calls::Desk& desk, const erasure::ErasureStores& erasures,
              erasure::EraseCalls& erases)
      : desk_(desk), stores_(desk.stores), erasures_(erasures), erases_(erases) {}

  absl::StatusOr<Erasure> OffboardTenant(const Caller& caller, bool validate_only) override;

  // Goes through the subjects of tenants that are being offboarded, a few in a step.
  chores::Chore WalkChore();

 private:
  // What dies now, and what a duty keeps.
  struct Plan {
    std::vector<std::uint32_t> dead;
    std::vector<Withheld> withheld;
    bool complete() const { return withheld.empty(); }
  };
  // A shred on its way, with the tenant that is withdrawn for it.
  struct Run {
    tenants::Tenant tenant;
    Plan plan;
    Erasure erasure;
    absl::flat_hash_set<SubjectTag> subjects;  // All, where nothing is left of the tenant.
  };
  // One walk over all subjects.
  struct Walk {
    absl::Time not_before = absl::InfinitePast();
    std::string after;
    bool any_left = false;
    bool any_bad = false;  // Of these a pass that retries looks again before the hour is over.
  };

  absl::StatusOr<Plan> PlanFor(const tenants::Tenant& tenant, absl::Time now) const;
  static Erasure Describe(const tenants::Tenant& tenant, const Plan& plan, absl::Time now);
  // A restriction is stronger than the controller's wish.
  absl::Status CheckUnrestricted(const tenants::Tenant& tenant) const;
  // `tenant` is withdrawn; it is put back or removed.
  absl::StatusOr<Erasure> RunShred(tenants::Tenant tenant, Plan plan, audit::Event event);
  keytree::ShredRequest RequestFor(Run& run, audit::Event event) const;
  absl::StatusOr<Erasure> End(Run run, const erasure::Outcome& outcome);
  void FinishUnresolved(chores::Round& round);
  absl::StatusOr<bool> Step(chores::Round& round);
  absl::StatusOr<bool> StepTenant(tenants::TenantHandle tenant, chores::Round& round);
  absl::Status EraseOne(const tenants::TenantHandle& tenant, const storage::Row& row, Walk& walk,
                        chores::Round& round);
  absl::Status FinishTenant(tenants::TenantHandle tenant);

  calls::Desk& desk_;
  calls::Stores& stores_;
  const erasure::ErasureStores& erasures_;
  erasure::EraseCalls& erases_;
  std::map<TenantTag, Walk> walks_;  // The housekeeper's own.
  absl::Mutex mutex_;
  std::vector<Run> unresolved_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::offboarding

#endif  // LETHE_VAULT_OFFBOARDING_OFFBOARDING_H_
