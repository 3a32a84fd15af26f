// A tenant as the configuration names it.
#ifndef LETHE_VAULT_MODEL_TENANT_CONFIG_H_
#define LETHE_VAULT_MODEL_TENANT_CONFIG_H_

#include <string>

namespace lethe::vault {

struct TenantConfig {
  std::string name;         // A DNS label.
  std::string policy_yaml;  // The policy document itself.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_TENANT_CONFIG_H_
