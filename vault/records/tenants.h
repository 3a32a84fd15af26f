// The tenants this process serves: each with its policy and the secrets that guard all of its data.
// Made and checked once, when the vault opens; read without locks ever after.
#ifndef LETHE_VAULT_RECORDS_TENANTS_H_
#define LETHE_VAULT_RECORDS_TENANTS_H_

#include <memory>
#include <span>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/secret.h"
#include "vault/journal.h"
#include "vault/keytree/key_tree.h"
#include "vault/policy/policy.h"
#include "vault/records/tenant_row.h"

namespace lethe::vault {
struct TenantConfig;
}

namespace lethe::vault::records {

struct Tenant {
  // The secret of tenant x category: what offboarding shreds.
  struct Scope {
    Place leaf;
    Secret secret;
  };

  TenantTag tag;
  std::string name;
  policy::Policy policy;
  Secret secret;
  absl::flat_hash_map<std::uint32_t, Scope> scopes;  // One for every category of the policy.
};

// Immutable.
class Tenants {
 public:
  // Reads what is there, makes what is new, and refuses a policy that gives an old category another
  // meaning. A tenant on disk without a config is left alone and not served.
  static absl::StatusOr<Tenants> Load(std::span<const TenantConfig> configs, Journal& journal,
                                      keytree::KeyTree& tree, Random& random);

  // Null: not served here.
  const Tenant* Find(const std::string& name) const;
  const Tenant* Find(const TenantTag& tag) const;
  std::vector<const Tenant*> all() const;

 private:
  absl::flat_hash_map<std::string, std::unique_ptr<const Tenant>> by_name_;
  absl::flat_hash_map<TenantTag, const Tenant*> by_tag_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_TENANTS_H_
