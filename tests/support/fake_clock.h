// A Clock that moves only when told to. Thread-safe.
#ifndef LETHE_TESTS_SUPPORT_FAKE_CLOCK_H_
#define LETHE_TESTS_SUPPORT_FAKE_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "base/clock.h"

namespace lethe::test {

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

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_FAKE_CLOCK_H_
