// Where a KMS plugin listens: "unix:///run/kms/aws.sock", or "unix:///@name" for Linux's abstract
// sockets, as Kubernetes writes them.
#ifndef LETHE_SERVER_KMS_ENDPOINT_H_
#define LETHE_SERVER_KMS_ENDPOINT_H_

#include <string>

#include "absl/status/status.h"

namespace lethe::server::kms {

// INVALID_ARGUMENT says what an endpoint looks like. No network address is one: what a plugin is
// sent is a part of the root, in the clear.
absl::Status CheckEndpoint(const std::string& endpoint);

// Of a file; empty for an abstract socket.
std::string SocketPath(const std::string& endpoint);

// What gRPC calls it. `endpoint` has passed CheckEndpoint.
std::string TargetOf(const std::string& endpoint);

}  // namespace lethe::server::kms

#endif  // LETHE_SERVER_KMS_ENDPOINT_H_
