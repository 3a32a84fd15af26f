// Clears away the rows of tenants that are gone, in small steps: without the tenant's secret none
// of them opens.
//
// Row in table kMeta, key "gone." | tenant 16:   U8 format
#ifndef LETHE_VAULT_OFFBOARDING_GONE_TENANTS_H_
#define LETHE_VAULT_OFFBOARDING_GONE_TENANTS_H_

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "storage/batch.h"
#include "storage/engine.h"
#include "vault/chores/chore.h"
#include "vault/journal/journal.h"

namespace lethe::vault::offboarding {

// One thread at a time.
class GoneTenants {
 public:
  explicit GoneTenants(Journal& journal) : journal_(journal) {}

  // Requests it, in the batch that the tenant's last shred commits.
  static void RequestClearing(const TenantTag& tenant, storage::Batch& change);

  // A step deletes at most kRowsPerStep rows.
  chores::Chore ClearChore();

  static constexpr std::size_t kRowsPerStep = 64;  // Bodies come along with a scan.

 private:
  absl::StatusOr<bool> Step(chores::Round& round);

  Journal& journal_;
};

}  // namespace lethe::vault::offboarding

#endif  // LETHE_VAULT_OFFBOARDING_GONE_TENANTS_H_
