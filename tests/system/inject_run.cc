#include "tests/system/inject_run.h"

#include <array>
#include <csignal>
#include <memory>
#include <optional>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/system/needles.h"
#include "tests/system/running_vault.h"
#include "tests/system/strace.h"
#include "tests/system/worker.h"

namespace lethe::test {
namespace {

struct Victim {
  Operation operation;
  const char* name;
};
constexpr std::array<Victim, 9> kVictims = {{{Operation::kPut, "put"},
                                             {Operation::kUpdate, "update"},
                                             {Operation::kDelete, "delete"},
                                             {Operation::kRestrict, "restrict"},
                                             {Operation::kLift, "lift"},
                                             {Operation::kErase, "erase"},
                                             {Operation::kImport, "import"},
                                             {Operation::kCreate, "create"},
                                             {Operation::kRemove, "remove-identifier"}}};
constexpr std::array<Calls, 3> kCalls = {Calls::kSync, Calls::kWrite, Calls::kRename};
// More positions than any change or start has; reached, it would mean that one never gets through.
constexpr int kPositionsMax = 200;
constexpr absl::Duration kDeathLimit = absl::Seconds(20);

// An InjectSeries is one pass over all victims on one vault.
class InjectSeries {
 public:
  InjectSeries(const InjectOptions& options, std::uint64_t number, absl::Time end)
      : options_(options),
        end_(end),
        rng_(options.run.seed, number << 32),
        worker_(rng_.Next(), 0) {}

  absl::Status Open() {
    LETHE_ASSIGN(vault_, RunningVault::Make());
    const absl::Status usable = Strace::Usable(vault_->folder().logs());
    if (!usable.ok()) return absl::UnavailableError(std::string(usable.message()));
    return vault_->Up();
  }

  absl::Status Run() {
    for (const Victim& victim : kVictims) {
      for (const Calls calls : kCalls) LETHE_TRY(Sweep(victim, calls));
    }
    for (const Calls calls : kCalls) LETHE_TRY(SweepStarts(calls));
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
    return absl::Now() >= end_ || deaths_ >= options_.run.cycles_max || !worker_.totals().ok();
  }

  // The positions to try: all of them, or a few far enough apart. The first two are never far: many
  // changes have no more.
  int First() { return options_.one_in == 1 ? 1 : 1 + static_cast<int>(rng_.Below(2)); }
  int Next(int nth) {
    return options_.one_in == 1 ? nth + 1
                                : nth + 1 +
                                      static_cast<int>(rng_.Below(
                                          static_cast<std::uint64_t>(2 * options_.one_in - 1)));
  }

  std::string Output() {
    return absl::StrFormat("%s/strace-%04d", vault_->folder().logs(), ++traps_);
  }

  // One kind of change at every n-th call of one kind, until it gets through.
  absl::Status Sweep(const Victim& victim, Calls calls) {
    for (int nth = First(); nth <= kPositionsMax && !Over(); nth = Next(nth)) {
      const Trap trap = {calls, nth};
      if (!worker_.Prepare(vault_->client(), victim.operation)) {
        return absl::InternalError("the server died untouched");
      }
      LETHE_ASSIGN(Strace strace, Strace::Attach(vault_->server().pid(), trap, Output()));
      const bool answered = worker_.Do(vault_->client(), victim.operation);
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
  absl::Status SweepStarts(Calls calls) {
    for (int nth = First(); nth <= kPositionsMax && !Over(); nth = Next(nth)) {
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
    Totals now = worker_.totals();
    now.cycles = deaths_;
    options_.run.progress(now);
    return absl::OkStatus();
  }

  const InjectOptions& options_;
  const absl::Time end_;
  Rng rng_;
  Worker worker_;
  std::unique_ptr<RunningVault> vault_;
  std::int64_t deaths_ = 0;
  int traps_ = 0;
};

}  // namespace

absl::StatusOr<Totals> RunInjections(const InjectOptions& options) {
  Totals totals;
  const absl::Time end = absl::Now() + options.run.limit;
  for (std::uint64_t number = 1; totals.ok(); ++number) {
    if (absl::Now() >= end || totals.cycles >= options.run.cycles_max) break;
    InjectSeries series(options, number, end);
    absl::Status status = series.Open();
    if (absl::IsUnavailable(status)) return status;
    if (status.ok()) status = series.Run();
    totals.Add(series.Close());
    if (!status.ok()) totals.faults.push_back("STOPPED " + std::string(status.message()));
  }
  return totals;
}

}  // namespace lethe::test
