#include "server/calls/call_timer.h"

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/grpc.h"

namespace lethe::server {

// Shared with the alarm, whose callback may run after the timer's death.
struct CallTimer::Target {
  absl::Mutex mutex;
  grpc::CallbackServerContext* context ABSL_GUARDED_BY(mutex) = nullptr;  // Null: stopped.
  bool fired ABSL_GUARDED_BY(mutex) = false;
};

void CallTimer::Start(grpc::CallbackServerContext* context, absl::Time limit) {
  Stop();
  target_ = std::make_shared<Target>();
  {
    absl::MutexLock hold(&target_->mutex);
    target_->context = context;
  }
  alarm_ = std::make_unique<grpc::Alarm>();
  alarm_->Set(absl::ToChronoTime(limit), [target = target_](bool expired) {
    absl::MutexLock hold(&target->mutex);
    if (!expired || target->context == nullptr) return;
    target->fired = true;
    // Not TryCancel, which would tell the caller that it was cancelled, and not by whom.
    grpc_call_cancel_with_status(target->context->c_call(), GRPC_STATUS_RESOURCE_EXHAUSTED,
                                 "the caller kept the server waiting for too long", nullptr);
  });
}

void CallTimer::Stop() {
  if (target_ == nullptr) return;
  {
    absl::MutexLock hold(&target_->mutex);
    target_->context = nullptr;
  }
  alarm_->Cancel();
}

bool CallTimer::fired() const {
  if (target_ == nullptr) return false;
  absl::MutexLock hold(&target_->mutex);
  return target_->fired;
}

}  // namespace lethe::server
