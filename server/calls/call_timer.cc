#include "server/calls/call_timer.h"

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lethe::server {

// Shared with the alarm, whose callback may run after the timer's death.
struct CallTimer::Target {
  absl::Mutex mutex;
  grpc::ServerContextBase* context ABSL_GUARDED_BY(mutex) = nullptr;  // Null: stopped.
};

void CallTimer::Start(grpc::ServerContextBase* context, absl::Time deadline) {
  target_ = std::make_shared<Target>();
  {
    absl::MutexLock hold(&target_->mutex);
    target_->context = context;
  }
  alarm_ = std::make_unique<grpc::Alarm>();
  alarm_->Set(absl::ToChronoTime(deadline), [target = target_](bool expired) {
    absl::MutexLock hold(&target->mutex);
    if (expired && target->context != nullptr) target->context->TryCancel();
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

}  // namespace lethe::server
