// Erasures while others read: thousands of people are erased from a real server by several callers
// at once, while readers ask for those who are next and those who are gone, and other readers for
// people whom it does not concern. Nobody gets an answer to a read that began after the erasure was
// acknowledged, and the others hardly notice.
#ifndef LETHE_TESTS_SYSTEM_ERASE_READS_H_
#define LETHE_TESTS_SYSTEM_ERASE_READS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/totals.h"

namespace lethe::test {

struct EraseReadsOptions {
  std::uint64_t seed = 1;
  int erases = 10'000;  // In five rounds, with a calm one before each.
  int others = 200;     // People who stay.
};

// How long reads of people who stay took in one round.
struct RoundTimes {
  absl::Duration median;
  absl::Duration p99;
};

struct EraseReadsResult {
  Totals totals;  // `cycles` counts rounds, `checked` judged reads.
  std::vector<RoundTimes> calm;
  std::vector<RoundTimes> erasing;
  std::int64_t tried_after = 0;  // Reads of the erased that began after the acknowledgement.
  absl::Duration time_erasing;

  std::string Text() const;
};

// The most that reads of others may take while people are erased, when they take `calm` otherwise;
// both are medians over rounds of the rounds' medians.
absl::Duration AllowedFor(absl::Duration calm);
absl::Duration MedianOver(const std::vector<RoundTimes>& rounds);

// On a vault of its own. What is wrong stands in `totals`.
EraseReadsResult RunEraseReads(const EraseReadsOptions& options);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_ERASE_READS_H_
