// The inject run: every kind of change is killed on entering its first, second, … n-th write, sync
// or rename, until it gets through; so is every start. After each, everything is compared with the
// model.
#ifndef LETHE_TESTS_SYSTEM_INJECT_RUN_H_
#define LETHE_TESTS_SYSTEM_INJECT_RUN_H_

#include "absl/status/statusor.h"
#include "tests/system/kill_run.h"

namespace lethe::test {

struct InjectOptions {
  RunOptions run;
  // One kind of call and two of its positions for each kind of change, drawn by the seed, once;
  // else every position of every kind of call, again and again.
  bool slice = false;
};

// UNAVAILABLE: strace is missing or not allowed; the message says which. `cycles` counts the
// deaths.
absl::StatusOr<Totals> RunInjections(const InjectOptions& options);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_INJECT_RUN_H_
