// The inject run: every kind of change, and every start, meets a trap at its first, second, … n-th
// write, sync or rename, until it gets through. The server dies there, or the call fails, and then
// the server must end by itself. After each, everything is compared with the model.
#ifndef LETHE_TESTS_SYSTEM_INJECT_RUN_H_
#define LETHE_TESTS_SYSTEM_INJECT_RUN_H_

#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/kill_run.h"
#include "tests/system/strace.h"

namespace lethe::test {

struct InjectOptions {
  RunOptions run;
  std::vector<Effect> effects = {Effect::kKill};
  // For each kind of change one effect, one kind of call and one or two of its positions, drawn by
  // the seed, once; else every position of every kind of call, again and again.
  bool slice = false;
};

// UNAVAILABLE: strace is missing or not allowed; the message says which. `cycles` counts the
// ends of the server.
absl::StatusOr<Totals> RunInjections(const InjectOptions& options);

// The effects of failing storage, after which the server lives on to decide.
inline const std::vector<Effect> kStorageFaults = {Effect::kFail, Effect::kOutOfSpace};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_INJECT_RUN_H_
