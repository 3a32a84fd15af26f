// Who calls: what the certificate of the connection proves.
//
//   spiffe://<domain>/tenants/<tenant>/...   a client of that tenant
//   spiffe://<domain>/operators/<name>       an operator, who may touch no tenant's data
//
// The identity is the certificate's one URI SAN and nothing else: never the common name, and a
// certificate with two URIs proves neither.
#ifndef LETHE_SERVER_DOOR_IDENTITY_H_
#define LETHE_SERVER_DOOR_IDENTITY_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "vault/model/caller.h"

namespace lethe::server {

// Longer identities do not occur, and every audit event carries one.
inline constexpr std::size_t kPrincipalBytesMax = 255;

// The metadata key that names the caller where development mode has no certificates.
inline constexpr char kDevPrincipalKey[] = "x-lethe-dev-principal";

// Where an identity comes from.
enum class IdentitySource {
  kCertificate,
  kDevMetadata,  // Loopback only, and only when the configuration says so.
};

// UNAUTHENTICATED (kPeerUnknown): not exactly one identity of the forms above.
absl::StatusOr<vault::Principal> PrincipalFrom(const std::vector<std::string_view>& uris);

absl::StatusOr<vault::Principal> Identify(const grpc::ServerContextBase& context,
                                          IdentitySource source);

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_IDENTITY_H_
