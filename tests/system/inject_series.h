// An InjectSeries is what happens to one vault in an inject run: changes and starts that meet a
// trap at one of their calls, each followed by a restart and a comparison with the model.
#ifndef LETHE_TESTS_SYSTEM_INJECT_SERIES_H_
#define LETHE_TESTS_SYSTEM_INJECT_SERIES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/system/inject_run.h"
#include "tests/system/running_vault.h"
#include "tests/system/strace.h"
#include "tests/system/worker.h"

namespace lethe::test {

// What meets the traps: a change, or a start after a killed erasure.
struct Victim {
  std::optional<Operation> operation;
  const char* name;
};

class InjectSeries {
 public:
  // `before`: what earlier series came to, for the progress.
  InjectSeries(const InjectOptions& options, std::uint64_t number, absl::Time end,
               const Totals& before);

  absl::Status Open();
  // UNAVAILABLE: strace may not look into the server here.
  absl::Status StraceUsable();
  // One victim at every n-th call of every kind, until it gets through.
  absl::Status Sweep(const Victim& victim);
  // Ends it with a search of every file for what the load was made of.
  Totals Close();

 private:
  bool Over() const;
  std::vector<Effect> Effects();
  std::vector<Calls> KindsFor(const Victim& victim, Effect effect);
  std::vector<int> Positions(Effect effect);
  std::string NewOutput();

  absl::Status SweepCalls(const Victim& victim, Calls calls, Effect effect);
  // True: it got through untouched.
  absl::StatusOr<bool> TrapChange(const Victim& victim, const Trap& trap);
  absl::StatusOr<bool> TrapStart(const Trap& trap);
  absl::Status LeaveAnErasureOpen();
  // Of a server that is up after a trap: whatever is left of it is killed.
  absl::Status EndOfServed(const Trap& trap);
  absl::Status RestartAndCheck(const std::string& what);

  const InjectOptions& options_;
  const absl::Time end_;
  const Totals& before_;
  Rng rng_;
  Worker worker_;
  std::unique_ptr<RunningVault> vault_;
  std::int64_t deaths_ = 0;
  int traps_ = 0;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_INJECT_SERIES_H_
