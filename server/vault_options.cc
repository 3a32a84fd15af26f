#include "server/vault_options.h"

#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "base/text/text_file.h"
#include "vault/policy/policy.h"

namespace lethe::server {

absl::StatusOr<vault::OpenOptions> OpenOptionsFrom(ServerConfig& config) {
  vault::OpenOptions options;
  options.data_dir = config.data_dir;
  options.doomed_delay = config.doomed_delay;
  options.durable_reads = config.durable_reads;
  for (const TenantFile& tenant : config.tenants) {
    LETHE_ASSIGN(std::string policy, ReadTextFile(tenant.policy));
    // The vault reads it too; here its faults get the name of their file.
    if (const auto parsed = vault::policy::Policy::Parse(policy); !parsed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("%s: %s", tenant.policy, std::string(parsed.status().message())));
    }
    config.read_once.push_back({"the policy of tenant " + tenant.name, tenant.policy, policy});
    options.tenants.push_back({tenant.name, std::move(policy)});
  }
  return options;
}

}  // namespace lethe::server
