// The one place where a status of ours becomes gRPC's.
//
// Every error carries google.rpc.ErrorInfo {reason, domain "lethe.vault"} in
// grpc-status-details-bin; broken field rules add BadRequest, overload and unavailability add
// RetryInfo. Bugs and damage (INTERNAL, DATA_LOSS) tell the caller nothing but a correlation id
// that finds the log line, or, where so many alike are logged that this one has none, not even
// that.
#ifndef LETHE_SERVER_TELLING_STATUS_MAP_H_
#define LETHE_SERVER_TELLING_STATUS_MAP_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/reason.h"
#include "grpcpp/support/status.h"

namespace lethe::server {

inline constexpr char kErrorDomain[] = "lethe.vault";

// 7.9 kB of details was measured to turn a client's error into RESOURCE_EXHAUSTED "metadata size
// exceeds limit"; 5.9 kB passed. Both limits leave room for the client's own trailers.
inline constexpr std::size_t kMessageBytesMax = 512;
inline constexpr std::size_t kDetailsBytesMax = 4096;

// What the caller is told about `status`; gRPC's OK for OK. An empty id is not told.
grpc::Status ToGrpc(const absl::Status& status, std::string_view correlation_id);

// The reason that ToGrpc gives: the status's own, or for a status made by a library the one that
// its code stands for.
Reason ReasonToTell(const absl::Status& status);

// How long to wait before trying again; zero where trying again is no help.
absl::Duration RetryDelayOf(Reason reason);

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_STATUS_MAP_H_
