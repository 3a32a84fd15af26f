// How to reach the server and as whom: flag over environment over context.
#ifndef LETHE_CLI_CONNECT_CONNECTION_SETTINGS_H_
#define LETHE_CLI_CONNECT_CONNECTION_SETTINGS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/connect/contexts.h"

namespace lethe::cli {

// As typed; empty: not given. The environment has the same words in capitals after LETHE_
// (LETHE_ADDR, LETHE_TENANT, LETHE_CA, LETHE_CERT, LETHE_KEY, LETHE_PURPOSE, LETHE_CONTEXT).
struct ConnectionFlags {
  std::string context;
  std::string address;
  std::string tenant;
  std::string ca;
  std::string cert;
  std::string key;
  std::string purpose;
  bool insecure = false;
  double timeout_seconds = 30;
};

struct ConnectionSettings {
  std::string address;
  std::string tenant;
  std::string ca;
  std::string cert;
  std::string key;
  std::string purpose;
  // No TLS, for a development server on this machine only. The tenant then names the caller too.
  bool insecure = false;
  // Of one call that is no stream.
  absl::Duration timeout;
};

// USAGE names what is missing and the three ways of saying it. `contexts` is consulted by the name
// that flag or environment give, else by its current one.
absl::StatusOr<ConnectionSettings> ResolveSettings(const ConnectionFlags& flags,
                                                   const Environment& environment,
                                                   const Contexts& contexts);

// USAGE when empty: every data request says what the data is needed for.
absl::StatusOr<std::string> PurposeOf(const ConnectionSettings& settings);
absl::StatusOr<std::string> TenantNameOf(const ConnectionSettings& settings);  // tenants/{tenant}

}  // namespace lethe::cli

#endif  // LETHE_CLI_CONNECT_CONNECTION_SETTINGS_H_
