// How many connections fit into the process's descriptors: each takes two (gRPC's, and ours to see
// its end and to cut it off), and the vault's files come first.
#ifndef LETHE_SERVER_LISTEN_CONNECTION_PLAN_H_
#define LETHE_SERVER_LISTEN_CONNECTION_PLAN_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace lethe::server {

// The time a peer has from its accept to the end of its handshake; gRPC cuts it off then.
inline constexpr absl::Duration kHandshakeTime = absl::Seconds(10);
inline constexpr int kDescriptorsOfConnection = 2;
// Of the port for health checks, which has its own places.
inline constexpr int kHealthConnections = 16;
// A server with fewer would serve nobody for long.
inline constexpr int kConnectionsMin = 8;
// A quarter of the limit is the vault's: its tables grow in number. Never less than the first of
// these, never more than the second.
inline constexpr int kReserveMin = 64;
inline constexpr int kReserveMax = 4096;
// Whatever was planned: a connection that would leave fewer than these free is refused. More than
// the vault asks for before it writes (vault/journal).
inline constexpr int kDescriptorsLeft = 48;

struct ConnectionPlan {
  int limit = 0;        // RLIMIT_NOFILE
  int open = 0;         // When the server begins to listen.
  int reserve = 0;      // Of the vault.
  int connections = 0;  // At most as many as wanted.
};

// FAILED_PRECONDITION names the limit that is needed.
absl::StatusOr<ConnectionPlan> PlanConnections(int limit, int open, int wanted);

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_CONNECTION_PLAN_H_
