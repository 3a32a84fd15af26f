// How the vault is opened that the configuration names.
#ifndef LETHE_SERVER_VAULT_OPTIONS_H_
#define LETHE_SERVER_VAULT_OPTIONS_H_

#include "absl/status/statusor.h"
#include "server/start/config.h"
#include "vault/open/open.h"

namespace lethe::server {

// Reads the tenants' policies, which join config.read_once. Without key services.
// INVALID_ARGUMENT: one cannot be read, or is none; names its file, and its line.
absl::StatusOr<vault::OpenOptions> OpenOptionsFrom(ServerConfig& config);

}  // namespace lethe::server

#endif  // LETHE_SERVER_VAULT_OPTIONS_H_
