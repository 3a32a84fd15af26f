// What an opened vault is told about running, as opposed to where things are.
#ifndef LETHE_VAULT_CALLS_RUN_OPTIONS_H_
#define LETHE_VAULT_CALLS_RUN_OPTIONS_H_

#include <vector>

#include "absl/time/time.h"
#include "vault/model/tenant_config.h"

namespace lethe::vault {

struct RunOptions {
  std::vector<TenantConfig> tenants;
  absl::Duration doomed_delay = absl::Seconds(60);
  bool durable_reads = true;
  // False: nothing runs by itself; a test calls LoadIdentifiers and RunHousekeeping.
  bool background = true;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_CALLS_RUN_OPTIONS_H_
