// A key service behind a KMS v2 plugin, for whoever opens a vault without the server. Its client
// speaks gRPC, so it is made in server/kms/: a program that asks for one links lethe_kms.
#ifndef LETHE_VAULT_HOLDERS_KMS_PLUGIN_H_
#define LETHE_VAULT_HOLDERS_KMS_PLUGIN_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "vault/holders/key_service.h"

namespace lethe::vault::holders {

// As a provider of lethed's configuration.
struct KmsPlugin {
  std::string name;
  std::string endpoint;  // "unix:///PATH", "unix:///@NAME".
  absl::Duration timeout = absl::Seconds(3);
};

// Asks the plugin for no answer yet. `random` outlives it. INVALID_ARGUMENT: no such endpoint.
absl::StatusOr<std::unique_ptr<KeyService>> NewKmsService(const KmsPlugin& plugin, Random& random);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_KMS_PLUGIN_H_
