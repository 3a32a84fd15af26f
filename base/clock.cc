#include "base/clock.h"

#include <ctime>

#include "absl/time/clock.h"
#include "base/check.h"

namespace lethe {

// Whole microseconds, as everything that is stored and signed: an answer given at once and the same
// one read back later then agree.
absl::Time SystemClock::Now() const {
  return absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
}

absl::Duration SystemClock::SinceBoot() const {
  timespec now{};
  LETHE_CHECK(clock_gettime(CLOCK_BOOTTIME, &now) == 0);
  return absl::DurationFromTimespec(now);
}

}  // namespace lethe
