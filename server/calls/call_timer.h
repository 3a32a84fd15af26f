// Cuts off a caller that has kept the server waiting too long: a client that stops reading without
// going away would hold its slot and its bytes for ever.
#ifndef LETHE_SERVER_CALLS_CALL_TIMER_H_
#define LETHE_SERVER_CALLS_CALL_TIMER_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/alarm.h"
#include "grpcpp/server_context.h"

namespace lethe::server {

// May die at any moment, also while it fires: the context is not touched once it is dead.
class CallTimer {
 public:
  CallTimer() = default;
  ~CallTimer() { Stop(); }
  CallTimer(const CallTimer&) = delete;
  CallTimer& operator=(const CallTimer&) = delete;

  // Unless stopped or started anew before, ends the call of `context` when `patience` is over, with
  // RESOURCE_EXHAUSTED, or at `deadline` where that comes no later, with DEADLINE_EXCEEDED.
  void Start(grpc::CallbackServerContext* context, absl::Time now, absl::Duration patience,
             absl::Time deadline = absl::InfiniteFuture());

  // When it returns, `context` may go.
  void Stop();

  // Why the last Start ended the call (kQuota, kDeadlinePassed); OK: it did not.
  absl::Status Cut() const;

 private:
  struct Target;
  std::shared_ptr<Target> target_;
  std::unique_ptr<grpc::Alarm> alarm_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_CALL_TIMER_H_
