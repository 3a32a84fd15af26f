// The errnos run: every error of every kind of call, once at each of its places in a put, an erase,
// a backup, a reload of certificates and a start. What was called is answered, or the server ends
// in a documented way; the next start has everything.
#ifndef LETHE_TESTS_SYSTEM_ERRNO_RUN_H_
#define LETHE_TESTS_SYSTEM_ERRNO_RUN_H_

#include "absl/status/statusor.h"
#include "tests/system/kill_run.h"

namespace lethe::test {

struct ErrnoOptions {
  RunOptions run;
  // Of each act a few calls, errors and places that the seed draws; else all of them, in an order
  // that the seed draws, once.
  bool slice = false;
};

// UNAVAILABLE: strace is missing or not allowed; the message says which. `cycles` counts the traps
// that a call was caught in and that were survived. A fault ends the part it is in, not the run.
absl::StatusOr<Totals> RunErrnos(const ErrnoOptions& options);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_ERRNO_RUN_H_
