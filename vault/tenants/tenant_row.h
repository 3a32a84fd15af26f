// A tenant's row and the rows of its categories.
//
// Table kTenant, key tenant:        U8 format 3 | place 9 | sealed
//   or, offboarded, for ever:       U8 format 2
//   sealed = AES-256-GCM(TenantRowKey, Short name | Short policy name | U32 policy number
//            | SHA-256 of the policy | U16 n | n x (U32 category id | Short category name))
// Table kTenantScope, key tenant | selector:   U8 format | place 9 | sealed
//   sealed = AES-256-GCM(TenantScopeRowKey, U32 category id)
//   selector = first 8 bytes of MAC(TenantScopeSelectorKey, U32 category id)
//
// The category table is what an id meant when data was sealed under it: it may grow, never change.
#ifndef LETHE_VAULT_TENANTS_TENANT_ROW_H_
#define LETHE_VAULT_TENANTS_TENANT_ROW_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "crypto/hash.h"
#include "vault/policy/policy.h"
#include "vault/rows/place.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::tenants {

struct TenantRow {
  std::string name;
  std::string policy_name;
  std::uint32_t policy_number = 0;  // Of the version in force (policy_store.h).
  crypto::Digest policy_digest{};
  std::vector<std::pair<std::uint32_t, std::string>> categories;

  friend bool operator==(const TenantRow&, const TenantRow&) = default;
};

// What the row of a tenant under this policy says.
TenantRow TenantRowFor(const std::string& name, const policy::Policy& policy,
                       const crypto::Digest& policy_digest);
// INVALID_ARGUMENT (kFieldInvalid, rule "category_id"): the policy drops a category or gives its id
// or name another meaning than `row` remembers.
absl::Status CheckSameMeaning(const TenantRow& row, const policy::Policy& policy);

std::string SealTenantRow(const Secret& tenant_secret, const TenantTag& tenant, const Place& leaf,
                          const TenantRow& row);
std::string EncodeTenantTombstone();
bool IsTenantTombstone(Bytes row);
absl::StatusOr<Place> LeafOfTenantRow(Bytes row);
absl::StatusOr<TenantRow> OpenTenantRow(const Secret& tenant_secret, const TenantTag& tenant,
                                        Bytes row);

Selector TenantScopeSelector(const Secret& tenant_secret, std::uint32_t category_id);
std::string SealTenantScopeRow(const Secret& tenant_secret, const std::string& row_key,
                               const Place& leaf, std::uint32_t category_id);
// The place, if the row is sealed for this category.
absl::StatusOr<Place> OpenTenantScopeRow(const Secret& tenant_secret, const std::string& row_key,
                                         std::uint32_t category_id, Bytes row);

}  // namespace lethe::vault::tenants

#endif  // LETHE_VAULT_TENANTS_TENANT_ROW_H_
