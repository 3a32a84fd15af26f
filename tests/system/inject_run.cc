#include "tests/system/inject_run.h"

#include <array>
#include <csignal>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/system/needles.h"
#include "tests/system/running_vault.h"
#include "tests/system/strace.h"
#include "tests/system/worker.h"

namespace lethe::test {
namespace {

// What is to be killed: a change, or a start after a killed erasure.
struct Victim {
  std::optional<Operation> operation;
  const char* name;
};
constexpr std::array<Victim, 10> kVictims = {{{Operation::kErase, "erase"},
                                              {{}, "start"},
                                              {Operation::kPut, "put"},
                                              {Operation::kUpdate, "update"},
                                              {Operation::kDelete, "delete"},
                                              {Operation::kRestrict, "restrict"},
                                              {Operation::kLift, "lift"},
                                              {Operation::kImport, "import"},
                                              {Operation::kCreate, "create"},
                                              {Operation::kRemove, "remove-identifier"}}};
// More positions than any change or start has; reached, it would mean that one never gets through.
constexpr int kPositionsMax = 200;
constexpr absl::Duration kDeathLimit = absl::Seconds(20);

// An InjectSeries is what happens to one vault.
class InjectSeries {
 public:
  // `before`: what earlier series came to, for the progress.
  InjectSeries(const InjectOptions& options, std::uint64_t number, absl::Time end,
               const Totals& before)
      : options_(options),
        end_(end),
        before_(before),
        rng_(options.run.seed, number << 32),
        worker_(rng_.Next(), 0) {}

  absl::Status Open() {
    LETHE_ASSIGN(vault_, RunningVault::Make());
    return vault_->Up();
  }

  absl::Status StraceUsable() {
    return Strace::Usable(vault_->server().pid(), vault_->folder().logs());
  }

  absl::Status Sweep(const Victim& victim) {
    for (const Calls calls : Kinds()) {
      LETHE_TRY(victim.operation.has_value() ? SweepChange(victim, calls) : SweepStart(calls));
    }
    return absl::OkStatus();
  }

  Totals Close() {
    Totals totals = worker_.totals();
    totals.cycles = deaths_;
    if (vault_ == nullptr) return totals;
    vault_->server().Kill();
    const SearchResult found = SearchFolder(vault_->folder().root(), Disguises(kCanary));
    totals.recoverable = static_cast<std::int64_t>(found.finds.size());
    for (const Find& find : found.finds) totals.faults.push_back("PLAINTEXT in " + find.file);
    return totals;
  }

 private:
  bool Over() const {
    return absl::Now() >= end_ || before_.cycles + deaths_ >= options_.run.cycles_max ||
           !worker_.totals().ok();
  }

  std::vector<Calls> Kinds() {
    if (!options_.slice) return {Calls::kSync, Calls::kWrite, Calls::kRename};
    return {rng_.Chance(60) ? Calls::kSync : Calls::kWrite};
  }

  // The positions to try. A slice takes two near the beginning: most changes have few.
  std::vector<int> Positions() {
    if (options_.slice) {
      const int first = 1 + static_cast<int>(rng_.Below(2));
      return {first, first + 1 + static_cast<int>(rng_.Below(2))};
    }
    std::vector<int> all(kPositionsMax);
    std::iota(all.begin(), all.end(), 1);
    return all;
  }

  std::string Output() {
    return absl::StrFormat("%s/strace-%04d", vault_->folder().logs(), ++traps_);
  }

  // One kind of change at every n-th call of one kind, until it gets through.
  absl::Status SweepChange(const Victim& victim, Calls calls) {
    for (const int nth : Positions()) {
      if (Over()) break;
      const Trap trap = {calls, nth};
      if (!worker_.Prepare(vault_->client(), *victim.operation)) {
        return absl::InternalError("the server died untouched");
      }
      LETHE_ASSIGN(Strace strace, Strace::Attach(vault_->server().pid(), trap, Output()));
      const bool answered = worker_.Do(vault_->client(), *victim.operation);
      if (answered) {
        // Through: what comes after its answer (step 6, hygiene) is not this change's.
        strace.Detach();
        if (!vault_->server().WaitForEnd(absl::ZeroDuration()).ok()) return absl::OkStatus();
      } else {
        LETHE_TRY(vault_->server().WaitForEnd(kDeathLimit).status());
      }
      LETHE_TRY(RestartAndCheck(absl::StrFormat("%s at %s", victim.name, trap.ToText())));
    }
    return absl::OkStatus();
  }

  // A start after a killed erasure, itself killed at every n-th call, until it gets through.
  absl::Status SweepStart(Calls calls) {
    for (const int nth : Positions()) {
      if (Over()) break;
      const Trap trap = {calls, nth};
      LETHE_TRY(LeaveAnErasureOpen());
      LETHE_TRY(vault_->server().Launch({.prefix = Strace::Prefix(trap, Output())}));
      const absl::Status up = vault_->server().WaitUntilUp();
      if (up.ok()) {
        vault_->server().Kill();
        return RestartAndCheck(absl::StrFormat("a start through %s", trap.ToText()));
      }
      if (!absl::IsAborted(up)) return up;
      LETHE_ASSIGN(const ProcessEnd end, vault_->server().WaitForEnd(kDeathLimit));
      if (end.signal != SIGKILL) return up;
      LETHE_TRY(RestartAndCheck(absl::StrFormat("a start at %s", trap.ToText())));
    }
    return absl::OkStatus();
  }

  // Kills the server within an erasure, at a sync that the seed draws.
  absl::Status LeaveAnErasureOpen() {
    if (!worker_.Prepare(vault_->client(), Operation::kErase)) {
      return absl::InternalError("the server died untouched");
    }
    const Trap trap = {Calls::kSync, 1 + static_cast<int>(rng_.Below(3))};
    LETHE_ASSIGN(Strace strace, Strace::Attach(vault_->server().pid(), trap, Output()));
    (void)worker_.Do(vault_->client(), Operation::kErase);
    vault_->server().Kill();
    return absl::OkStatus();
  }

  absl::Status RestartAndCheck(const std::string& what) {
    ++deaths_;
    if (const absl::Status up = vault_->Up(); !up.ok()) {
      return absl::Status(up.code(), what + ": " + std::string(up.message()));
    }
    const std::size_t before = worker_.totals().faults.size();
    worker_.Check(vault_->client());
    if (worker_.totals().faults.size() > before) return absl::DataLossError("after " + what);
    Totals now = before_;
    now.Add(worker_.totals());
    now.cycles += deaths_;
    options_.run.progress(now);
    return absl::OkStatus();
  }

  const InjectOptions& options_;
  const absl::Time end_;
  const Totals& before_;
  Rng rng_;
  Worker worker_;
  std::unique_ptr<RunningVault> vault_;
  std::int64_t deaths_ = 0;
  int traps_ = 0;
};

// One vault for each kind of victim keeps the checks short; a slice makes do with one for all.
std::vector<std::span<const Victim>> Groups(bool slice) {
  if (slice) return {kVictims};
  std::vector<std::span<const Victim>> groups;
  groups.reserve(kVictims.size());
  for (const Victim& victim : kVictims) groups.emplace_back(&victim, 1);
  return groups;
}

}  // namespace

absl::StatusOr<Totals> RunInjections(const InjectOptions& options) {
  Totals totals;
  const absl::Time end = absl::Now() + options.run.limit;
  std::uint64_t number = 0;
  do {
    for (const auto& group : Groups(options.slice)) {
      if (!totals.ok() || absl::Now() >= end || totals.cycles >= options.run.cycles_max) break;
      InjectSeries series(options, ++number, end, totals);
      absl::Status status = series.Open();
      const absl::Status usable = status.ok() ? series.StraceUsable() : status;
      if (absl::IsUnavailable(usable)) return usable;
      for (const Victim& victim : group) {
        if (status.ok()) status = series.Sweep(victim);
      }
      totals.Add(series.Close());
      if (!status.ok()) totals.faults.push_back("STOPPED " + std::string(status.message()));
    }
  } while (!options.slice && totals.ok() && absl::Now() < end &&
           totals.cycles < options.run.cycles_max);
  return totals;
}

}  // namespace lethe::test
