// The door that every call of a fake passes: a test counts, holds and fails calls here.
#ifndef LETHE_TESTS_SERVER_WIRE_FAKE_DOOR_H_
#define LETHE_TESTS_SERVER_WIRE_FAKE_DOOR_H_

#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "vault/model/caller.h"

namespace lethe::test {

// Thread-safe.
class FakeDoor {
 public:
  // The next call fails with `status`.
  void FailNext(absl::Status status);
  // Calls wait at the door from now on until Release, also those that come then.
  void Hold();
  void Release();
  // Until `count` calls wait at the door.
  void AwaitHeld(int count);

  // Counts the call, waits while held, fails it if told to.
  absl::Status Enter(const vault::Caller& caller);

  // The last caller that came through.
  vault::Caller last_caller() const;
  int calls() const;

 private:
  mutable absl::Mutex mutex_;
  std::optional<absl::Status> next_failure_ ABSL_GUARDED_BY(mutex_);
  vault::Caller last_caller_ ABSL_GUARDED_BY(mutex_);
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int held_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_FAKE_DOOR_H_
