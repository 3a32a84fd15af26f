// A TrapSeries is one vault whose server meets traps at its system calls (strace.h), again and
// again, and what becomes of it: after each the server is started anew and compared with the model.
#ifndef LETHE_TESTS_SYSTEM_TRAP_SERIES_H_
#define LETHE_TESTS_SYSTEM_TRAP_SERIES_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/system/kill_run.h"
#include "tests/system/running_vault.h"
#include "tests/system/strace.h"
#include "tests/system/worker.h"

namespace lethe::test {

class TrapSeries {
 public:
  // `number` is drawn from beside the seed; `before`: what earlier series came to, for the limits
  // and the progress.
  TrapSeries(const RunOptions& run, std::uint64_t number, absl::Time end, const Totals& before);

  absl::Status Open();
  // UNAVAILABLE: strace may not look into the server here.
  absl::Status StraceUsable();
  // Ends it with a search of every file for what the load was made of.
  Totals Close();

 protected:
  // More positions than any act has; reached, it would mean that one never gets through.
  static constexpr int kPositionsMax = 200;
  static constexpr absl::Duration kDeathLimit = absl::Seconds(20);

  bool Over() const;
  std::string NewOutput();
  std::size_t faults() const { return worker_.totals().faults.size(); }
  // What the worker blamed in the fault of that index is none after all.
  void Excuse(std::size_t index) { excused_.insert(index); }

  // Kills the server within an erasure, at a sync that the seed draws.
  absl::Status LeaveAnErasureOpen();
  absl::Status RestartAndCheck(const std::string& what);
  void CountCycle();

  const RunOptions& run_;
  Rng rng_;
  Worker worker_;
  std::unique_ptr<RunningVault> vault_;
  ServerOptions server_options_;  // Of every start.

 private:
  Totals Judged() const;

  const absl::Time end_;
  const Totals& before_;
  std::set<std::size_t> excused_;
  std::int64_t cycles_ = 0;
  int traps_ = 0;
};

// The status with what happened put before its message.
absl::Status Named(const std::string& what, const absl::Status& status);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_TRAP_SERIES_H_
