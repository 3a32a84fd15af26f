// Cancels a stream that has outlived its deadline: a client that stops reading without going away
// would hold its slot for ever.
#ifndef LETHE_SERVER_CALLS_CALL_TIMER_H_
#define LETHE_SERVER_CALLS_CALL_TIMER_H_

#include <memory>

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

  // Cancels the call of `context` at `deadline`, unless stopped before. To be called once.
  void Start(grpc::ServerContextBase* context, absl::Time deadline);

  // When it returns, `context` may go.
  void Stop();

 private:
  struct Target;
  std::shared_ptr<Target> target_;
  std::unique_ptr<grpc::Alarm> alarm_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_CALL_TIMER_H_
