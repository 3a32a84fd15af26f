// The kill run: mixed load, kill -9 at a moment the seed names, restart, everything acknowledged
// compared with the model; again and again.
#ifndef LETHE_TESTS_SYSTEM_KILL_RUN_H_
#define LETHE_TESTS_SYSTEM_KILL_RUN_H_

#include <cstdint>
#include <functional>

#include "absl/time/time.h"
#include "tests/support/totals.h"

namespace lethe::test {

struct RunOptions {
  std::uint64_t seed = 1;
  std::int64_t cycles_max = INT64_MAX;
  absl::Duration limit = absl::InfiniteDuration();  // No cycle begins after it.
  // Told after every cycle.
  std::function<void(const Totals&)> progress = [](const Totals&) {};
};

Totals RunKills(const RunOptions& options);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_KILL_RUN_H_
