// A LoadGate counts the operations that several threads have begun, and wakes the one thread that
// waits for a certain number of them: a moment under load that a seed can name.
#ifndef LETHE_TESTS_SYSTEM_LOAD_GATE_H_
#define LETHE_TESTS_SYSTEM_LOAD_GATE_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "absl/time/time.h"

namespace lethe::test {

// Thread-safe.
class LoadGate {
 public:
  // Closes by itself after `most` operations.
  explicit LoadGate(std::int64_t most = INT64_MAX) : most_(most) {}

  // Before an operation. False: the run is over.
  bool Begin() {
    const std::lock_guard lock(mutex_);
    if (closed_ || begun_ >= most_) return false;
    if (++begun_ >= target_) reached_.notify_all();
    return true;
  }
  // True once `count` operations have begun; false if `limit` passed before.
  bool WaitFor(std::int64_t count, absl::Duration limit) {
    std::unique_lock lock(mutex_);
    target_ = count;
    return reached_.wait_for(lock, absl::ToChronoMilliseconds(limit),
                             [this] { return begun_ >= target_; });
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

 private:
  const std::int64_t most_;
  std::mutex mutex_;
  std::condition_variable reached_;
  std::int64_t begun_ = 0;
  std::int64_t target_ = INT64_MAX;
  bool closed_ = false;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_LOAD_GATE_H_
