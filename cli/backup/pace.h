// Holds a long piece of work to a rate, so that it leaves something of a disk to others.
#ifndef LETHE_CLI_BACKUP_PACE_H_
#define LETHE_CLI_BACKUP_PACE_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "base/clock.h"

namespace lethe::cli {

class Pace {
 public:
  // What was lost to a slow moment is made up for, but no more than this: the work of a tenth of a
  // second may come at once, so that a small one is never held up.
  static constexpr absl::Duration kSlack = absl::Milliseconds(100);

  // 0: no limit.
  Pace(std::uint64_t bytes_per_second, const Clock& clock)
      : bytes_per_second_(bytes_per_second), clock_(clock), due_(clock.SinceBoot() - kSlack) {}

  // How long to wait, once so many more bytes are done.
  absl::Duration After(std::uint64_t bytes) {
    if (bytes_per_second_ == 0) return absl::ZeroDuration();
    const absl::Duration now = clock_.SinceBoot();
    due_ = std::max(due_, now - kSlack) +
           absl::Seconds(static_cast<double>(bytes) / static_cast<double>(bytes_per_second_));
    return std::max(due_ - now, absl::ZeroDuration());
  }

 private:
  const std::uint64_t bytes_per_second_;
  const Clock& clock_;
  absl::Duration due_;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_BACKUP_PACE_H_
