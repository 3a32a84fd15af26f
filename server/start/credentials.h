// How the main port proves itself and what it asks of its peers.
#ifndef LETHE_SERVER_START_CREDENTIALS_H_
#define LETHE_SERVER_START_CREDENTIALS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "server/start/config.h"

namespace lethe::server {

// TLS 1.2 or later (gRPC's own minimum) with a client certificate required and verified against
// tls.ca; in the development mode none of it. INVALID_ARGUMENT names the file that cannot be read,
// holds no certificate, or is not the key of the certificate beside it.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsFrom(
    const ServerConfig& config);

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_CREDENTIALS_H_
