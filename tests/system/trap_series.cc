#include "tests/system/trap_series.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"

namespace lethe::test {

absl::Status Named(const std::string& what, const absl::Status& status) {
  return status.ok() ? status
                     : absl::Status(status.code(), what + ": " + std::string(status.message()));
}

TrapSeries::TrapSeries(const RunOptions& run, std::uint64_t number, absl::Time end,
                       const Totals& before)
    : run_(run), rng_(run.seed, number << 32), worker_(rng_.Next(), 0), end_(end), before_(before) {
  worker_.ExpectFailedWrites();
}

absl::Status TrapSeries::Open() {
  LETHE_ASSIGN(vault_, RunningVault::Make());
  return vault_->Up(server_options_);
}

absl::Status TrapSeries::StraceUsable() {
  return Strace::Usable(vault_->server().pid(), vault_->folder().logs());
}

Totals TrapSeries::Judged() const {
  Totals totals = worker_.totals();
  totals.faults.clear();
  for (std::size_t i = 0; i < faults(); ++i) {
    const std::string& fault = worker_.totals().faults[i];
    if (!excused_.contains(i)) {
      totals.faults.push_back(fault);
    } else if (fault.starts_with("LOST")) {
      --totals.lost;
    } else if (fault.starts_with("UNDONE")) {
      --totals.undone;
    }
  }
  totals.cycles += cycles_;
  return totals;
}

Totals TrapSeries::Close() {
  Totals totals = Judged();
  if (vault_ != nullptr) vault_->EndAndSearch(totals);
  return totals;
}

bool TrapSeries::Over() const {
  return absl::Now() >= end_ || before_.cycles + cycles_ >= run_.cycles_max ||
         faults() > excused_.size();
}

std::string TrapSeries::NewOutput() {
  return absl::StrFormat("%s/strace-%04d", vault_->folder().logs(), ++traps_);
}

absl::Status TrapSeries::LeaveAnErasureOpen() {
  if (!worker_.Prepare(vault_->client(), Operation::kErase)) {
    return absl::InternalError("the server died untouched");
  }
  const Trap trap = {Calls::kSync, 1 + static_cast<int>(rng_.Below(3))};
  LETHE_ASSIGN(Strace strace, Strace::Attach(vault_->server().pid(), trap, NewOutput()));
  (void)worker_.Do(vault_->client(), Operation::kErase);
  return vault_->server().Kill();
}

absl::Status TrapSeries::RestartAndCheck(const std::string& what) {
  LETHE_TRY(vault_->Up(server_options_));
  const std::size_t before = faults();
  worker_.Check(vault_->client());
  return faults() > before ? absl::DataLossError("after " + what) : absl::OkStatus();
}

void TrapSeries::CountCycle() {
  ++cycles_;
  Totals now = before_;
  now.Add(Judged());
  run_.progress(now);
}

}  // namespace lethe::test
