#include "tests/server/wire/fake_door.h"

#include <utility>

namespace lethe::test {

void FakeDoor::FailNext(absl::Status status) {
  absl::MutexLock hold(&mutex_);
  next_failure_ = std::move(status);
}

void FakeDoor::Hold() {
  absl::MutexLock hold(&mutex_);
  closed_ = true;
}

void FakeDoor::Release() {
  absl::MutexLock hold(&mutex_);
  closed_ = false;
}

void FakeDoor::AwaitHeld(int count) {
  absl::MutexLock hold(&mutex_);
  const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return held_ >= count; };
  mutex_.Await(absl::Condition(&reached));
}

absl::Status FakeDoor::Enter(const vault::Caller& caller) {
  absl::MutexLock hold(&mutex_);
  ++calls_;
  last_caller_ = caller;
  ++held_;
  const auto open = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !closed_; };
  mutex_.Await(absl::Condition(&open));
  --held_;
  if (!next_failure_.has_value()) return absl::OkStatus();
  absl::Status failure = *std::move(next_failure_);
  next_failure_.reset();
  return failure;
}

vault::Caller FakeDoor::last_caller() const {
  absl::MutexLock hold(&mutex_);
  return last_caller_;
}

int FakeDoor::calls() const {
  absl::MutexLock hold(&mutex_);
  return calls_;
}

}  // namespace lethe::test
