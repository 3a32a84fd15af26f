// The tenants this process serves: each with its policy and the secrets that guard all of its data.
// Made and checked when the vault opens. A tenant itself never changes: its offboarding or another
// policy puts another in its place, and the secrets of the first are wiped with the last handle on
// it.
#ifndef LETHE_VAULT_TENANTS_TENANTS_H_
#define LETHE_VAULT_TENANTS_TENANTS_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "vault/journal/journal.h"
#include "vault/keytree/key_tree.h"
#include "vault/model/tenant_config.h"
#include "vault/policy/policy.h"
#include "vault/tenants/tenant_row.h"

namespace lethe::vault::tenants {

enum class TenantPhase : std::uint8_t {
  kServed,
  kWithdrawn,    // Between two phases: nobody gets in.
  kOffboarding,  // Only what duties of law keep is left, for those who serve them.
};

struct Tenant {
  // The secret of tenant x category: what offboarding shreds.
  struct Scope {
    Place leaf;
    Secret secret;
  };

  TenantTag tag;
  std::string name;
  TenantPhase phase = TenantPhase::kServed;
  policy::Policy policy;
  Place leaf;
  Secret secret;
  // One for every category of the policy; while offboarding, for those that are left.
  absl::flat_hash_map<std::uint32_t, Scope> scopes;

  // A copy in another phase.
  Tenant In(TenantPhase other) const;
  // A copy under another policy; the scopes of categories that are new in it are still to be added.
  Tenant Under(policy::Policy other) const;
};

// Keeps a tenant and its secrets as long as it lives: for the time of one call.
using TenantHandle = std::shared_ptr<const Tenant>;

// The row that says a tenant's offboarding has begun: in table kMeta, key "offboarding." | tenant
// 16, U8 format.
absl::StatusOr<bool> IsOffboarding(const storage::Engine& engine, const TenantTag& tenant);
void PutOffboardingMark(const TenantTag& tenant, storage::Batch& change);
void DropOffboardingMark(const TenantTag& tenant, storage::Batch& change);

// Thread-safe.
class Tenants {
 public:
  // Reads what is there, makes what is new, and refuses a policy that gives an old category another
  // meaning. A policy that is not the newest version is stored as the next. A tenant on disk
  // without a config is left alone and not served. DATA_LOSS (kDecryptFailed): of a tenant's row or
  // its newest policy.
  static absl::StatusOr<std::unique_ptr<Tenants>> Load(std::span<const TenantConfig> configs,
                                                       Journal& journal, keytree::KeyTree& tree,
                                                       Clock& clock, Random& random);

  // Null: not served here.
  TenantHandle Find(const std::string& name) const;
  // Null also for one that is withdrawn.
  TenantHandle Find(const TenantTag& tag) const;
  // All that are not withdrawn.
  std::vector<TenantHandle> all() const;

  // Puts `next` in the place of `served`, which is the same tenant, mostly under another policy.
  // Calls under way keep the one they hold; those that come see `next`. ABORTED
  // (kConcurrentChange): another has taken its place before.
  absl::Status Replace(const TenantHandle& served, Tenant next);
  // Takes the tenant from everybody, its caller's own `handle` included, and waits until the last
  // call that has one, or one that it has replaced, is done: what is given back is the only one.
  // Put it back in some phase, or
  // Remove it. ABORTED (kConcurrentChange): calls went on for longer than `patience`, or somebody
  // else has withdrawn it; nothing changed.
  absl::StatusOr<Tenant> Withdraw(TenantHandle handle, absl::Duration patience);
  void PutBack(Tenant tenant);
  void Remove(const Tenant& tenant);

 private:
  // How many tenants of one name, each in the place of the one before, somebody still holds.
  class Census;
  struct Entry {
    TenantHandle tenant;
    std::shared_ptr<Census> census;
  };
  static TenantHandle HandleOn(Tenant tenant, const std::shared_ptr<Census>& census);

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Entry> by_name_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::tenants

#endif  // LETHE_VAULT_TENANTS_TENANTS_H_
