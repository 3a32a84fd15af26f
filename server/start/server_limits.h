// What one connection and one message may be. Every figure has its reason beside it.
#ifndef LETHE_SERVER_START_SERVER_LIMITS_H_
#define LETHE_SERVER_START_SERVER_LIMITS_H_

#include "absl/time/time.h"
#include "grpcpp/server_builder.h"
#include "server/calls/incoming.h"
#include "server/door/access.h"
#include "server/listen/reset_watch.h"

namespace lethe::server {

// A record is at most 1 MiB, a page and a chunk of an import at most 3 and 4.
inline constexpr int kReceiveBytesMax = static_cast<int>(kMessageBytesMax);
inline constexpr int kSendBytesMax = 4 << 20;
// What is read of a connection before the others have their turn.
inline constexpr int kReadBytesMax = 64 << 10;
// Calls at once on one connection. A client that needs more opens another.
inline constexpr int kConcurrentStreamsMax = static_cast<int>(kOpenStreamsMax);
// Ours are a few hundred bytes.
inline constexpr int kMetadataBytesMax = 16 << 10;
// The server asks an idle peer whether it is there, and lets it ask as often: gRPC's default
// answers a client's keepalive at that rate with GOAWAY.
inline constexpr absl::Duration kKeepaliveEvery = absl::Seconds(60);
inline constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(20);
inline constexpr absl::Duration kConnectionIdleMax = absl::Minutes(15);
// Certificates are looked at when a connection begins, so none may live for ever.
inline constexpr absl::Duration kConnectionAgeMax = absl::Minutes(30);
// What is under way then may end: the longest stream without a deadline of its own, and some.
inline constexpr absl::Duration kConnectionAgeGrace = absl::Minutes(11);
static_assert(kConnectionAgeGrace > kStreamDeadline);

void SetConnectionLimits(grpc::ServerBuilder& builder);

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_SERVER_LIMITS_H_
