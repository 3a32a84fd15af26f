// One call from its start to its log line.
#ifndef LETHE_SERVER_CALLS_CALL_RECORD_H_
#define LETHE_SERVER_CALLS_CALL_RECORD_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

// The reactors own it until gRPC has the answer on its way (OnDone).
class CallRecord {
 public:
  CallRecord(const CallDesk& desk, std::string_view method);

  // Logs how the call ended and gives the status to tell the caller. To be called once. `principal`
  // stands in no line: a flood of one caller's refusals becomes few, and no other's with them.
  grpc::Status End(const absl::Status& status, std::string_view principal) const;

 private:
  const CallDesk& desk_;
  const UnderWay::Call under_way_;
  const std::string method_;
  const std::string correlation_id_;
  const absl::Duration start_;  // Since boot.
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_CALL_RECORD_H_
