// A Clock tells wall time and boot time. Injected: no test sleeps, and the vault never asks the
// machine directly. Thread-safe.
#ifndef LETHE_BASE_CLOCK_H_
#define LETHE_BASE_CLOCK_H_

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

}  // namespace lethe

#endif  // LETHE_BASE_CLOCK_H_
