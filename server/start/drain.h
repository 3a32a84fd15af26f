// The end of a gRPC server: calls under way are waited for, connections are not.
#ifndef LETHE_SERVER_START_DRAIN_H_
#define LETHE_SERVER_START_DRAIN_H_

#include "absl/time/time.h"
#include "grpcpp/server.h"
#include "server/calls/under_way.h"

namespace lethe::server {

// Tells every peer (GOAWAY), gives the calls under way `drain` to end and cancels the rest. Returns
// when no connection is left.
void Drain(grpc::Server& server, const UnderWay& under_way, absl::Duration drain);

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_DRAIN_H_
