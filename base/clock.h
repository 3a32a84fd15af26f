// A Clock tells wall time and boot time. Injected: no test sleeps, and the vault never asks the
// machine directly. Thread-safe.
#ifndef LETHE_BASE_CLOCK_H_
#define LETHE_BASE_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"

namespace lethe {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // Time since boot, suspend included; never goes back (CLOCK_BOOTTIME).
  virtual absl::Duration SinceBoot() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  absl::Duration SinceBoot() const override;
};

// Moves only when told to.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time start) : now_us_(absl::ToUnixMicros(start)) {}
  absl::Time Now() const override { return absl::FromUnixMicros(now_us_.load()); }
  absl::Duration SinceBoot() const override { return absl::Microseconds(boot_us_.load()); }
  void Advance(absl::Duration step) {
    now_us_ += absl::ToInt64Microseconds(step);
    boot_us_ += absl::ToInt64Microseconds(step);
  }

 private:
  std::atomic<std::int64_t> now_us_;
  std::atomic<std::int64_t> boot_us_{0};
};

}  // namespace lethe

#endif  // LETHE_BASE_CLOCK_H_
