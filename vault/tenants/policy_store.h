// The versions of a tenant's policy: every document that was in force, numbered from 1, so that
// what was decided under one can be told from what was decided under the next. The tenant's row
// (tenant_row.h) names the newest.
//
// Row in table kPolicy, key tenant | U32 number:   U8 format | sealed
//   sealed = AES-256-GCM(PolicyRowKey, stored time | SHA-256 of the document 32 | Long document)
#ifndef LETHE_VAULT_TENANTS_POLICY_STORE_H_
#define LETHE_VAULT_TENANTS_POLICY_STORE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "crypto/hash.h"
#include "storage/engine.h"

namespace lethe::vault::tenants {

struct PolicyVersion {
  std::uint32_t number = 0;
  std::string document;
  crypto::Digest digest{};  // SHA-256 of the document.
  absl::Time stored_time;
};

class PolicyStore {
 public:
  explicit PolicyStore(const storage::Engine& engine) : engine_(engine) {}

  // The version that the tenant's row calls its newest. DATA_LOSS (kDecryptFailed): it is missing
  // or damaged, or there is a later one.
  absl::StatusOr<PolicyVersion> Newest(const TenantTag& tenant, const Secret& tenant_secret,
                                       std::uint32_t number) const;
  static void Put(const TenantTag& tenant, const Secret& tenant_secret,
                  const PolicyVersion& version, storage::Batch& change);

 private:
  const storage::Engine& engine_;
};

}  // namespace lethe::vault::tenants

#endif  // LETHE_VAULT_TENANTS_POLICY_STORE_H_
