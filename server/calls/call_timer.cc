#include "server/calls/call_timer.h"

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/reason.h"
#include "grpc/grpc.h"

namespace lethe::server {

namespace {

const char* MessageOf(Reason reason) {
  return reason == Reason::kDeadlinePassed ? "the deadline passed before the end"
                                           : "the caller kept the server waiting for too long";
}

}  // namespace

// Shared with the alarm, whose callback may run after the timer's death.
struct CallTimer::Target {
  explicit Target(Reason why) : reason(why) {}

  const Reason reason;
  absl::Mutex mutex;
  grpc::CallbackServerContext* context ABSL_GUARDED_BY(mutex) = nullptr;  // Null: stopped.
  bool fired ABSL_GUARDED_BY(mutex) = false;
};

void CallTimer::Start(grpc::CallbackServerContext* context, absl::Time now, absl::Duration patience,
                      absl::Time deadline) {
  Stop();
  const bool at_deadline = deadline <= now + patience;
  target_ = std::make_shared<Target>(at_deadline ? Reason::kDeadlinePassed : Reason::kQuota);
  {
    absl::MutexLock hold(&target_->mutex);
    target_->context = context;
  }
  alarm_ = std::make_unique<grpc::Alarm>();
  const absl::Time limit = at_deadline ? deadline : now + patience;
  alarm_->Set(absl::ToChronoTime(limit), [target = target_](bool expired) {
    absl::MutexLock hold(&target->mutex);
    if (!expired || target->context == nullptr) return;
    target->fired = true;
    // Not TryCancel, which would tell the caller that it was cancelled, and not by whom.
    grpc_call_cancel_with_status(target->context->c_call(),
                                 static_cast<grpc_status_code>(CodeOf(target->reason)),
                                 MessageOf(target->reason), nullptr);
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

absl::Status CallTimer::Cut() const {
  if (target_ == nullptr) return absl::OkStatus();
  absl::MutexLock hold(&target_->mutex);
  if (!target_->fired) return absl::OkStatus();
  return Refuse(target_->reason, MessageOf(target_->reason));
}

}  // namespace lethe::server
