// Clears away the rows of tenants that are gone, in small steps: without the tenant's secret none
// of them opens.
//
// Row in table kMeta, key "gone." | tenant 16:   U8 format
#ifndef LETHE_VAULT_OFFBOARDING_GONE_TENANTS_H_
#define LETHE_VAULT_OFFBOARDING_GONE_TENANTS_H_

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "storage/batch.h"
#include "vault/journal/journal.h"

namespace lethe::vault::offboarding {

// One thread at a time.
class GoneTenants {
 public:
  explicit GoneTenants(Journal& journal) : journal_(journal) {}

  // Requests it, in the batch that the tenant's last shred commits.
  static void RequestClearing(const TenantTag& tenant, storage::Batch& change);

  // One step: at most kRowsPerStep rows. True: there is more to do.
  absl::StatusOr<bool> Step();

  static constexpr std::size_t kRowsPerStep = 64;  // Bodies come along with a scan.

 private:
  Journal& journal_;
};

}  // namespace lethe::vault::offboarding

#endif  // LETHE_VAULT_OFFBOARDING_GONE_TENANTS_H_
