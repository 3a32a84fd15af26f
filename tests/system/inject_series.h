// An InjectSeries is what happens to one vault in an inject run: changes and starts that meet a
// trap at one of their calls, each followed by a restart and a comparison with the model.
#ifndef LETHE_TESTS_SYSTEM_INJECT_SERIES_H_
#define LETHE_TESTS_SYSTEM_INJECT_SERIES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/inject_run.h"
#include "tests/system/strace.h"
#include "tests/system/trap_series.h"
#include "tests/system/worker.h"

namespace lethe::test {

// What meets the traps: a change, or a start after a killed erasure.
struct Victim {
  std::optional<Operation> operation;
  const char* name;
};

class InjectSeries : public TrapSeries {
 public:
  InjectSeries(const InjectOptions& options, std::uint64_t number, absl::Time end,
               const Totals& before)
      : TrapSeries(options.run, number, end, before), options_(options) {}

  // One victim at every n-th call of every kind, until it gets through.
  absl::Status Sweep(const Victim& victim);

 private:
  std::vector<Effect> Effects();
  std::vector<Calls> KindsFor(const Victim& victim, Effect effect);
  std::vector<int> Positions(Effect effect);

  absl::Status SweepCalls(const Victim& victim, Calls calls, Effect effect);
  // True: it got through untouched.
  absl::StatusOr<bool> TrapChange(const Victim& victim, const Trap& trap);
  absl::StatusOr<bool> TrapStart(const Trap& trap);
  // Of a server that is up after a trap: whatever is left of it is killed.
  absl::Status EndOfServed(const Trap& trap);

  const InjectOptions& options_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_INJECT_SERIES_H_
