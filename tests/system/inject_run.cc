#include "tests/system/inject_run.h"

#include <array>
#include <span>

#include "absl/time/clock.h"
#include "tests/system/inject_series.h"

namespace lethe::test {
namespace {

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

// One vault for each kind of victim keeps the checks short; a slice makes do with one for all.
std::vector<std::span<const Victim>> Groups(bool slice) {
  if (slice) return {kVictims};
  std::vector<std::span<const Victim>> groups;
  groups.reserve(kVictims.size());
  for (const Victim& victim : kVictims) groups.emplace_back(&victim, 1);
  return groups;
}

bool IsOver(const RunOptions& run, const Totals& totals, absl::Time end) {
  return !totals.ok() || absl::Now() >= end || totals.cycles >= run.cycles_max;
}

// Adds what becomes of one vault to `totals`. UNAVAILABLE: strace cannot be used.
absl::Status RunSeries(const InjectOptions& options, std::uint64_t number, absl::Time end,
                       std::span<const Victim> victims, Totals& totals) {
  InjectSeries series(options, number, end, totals);
  absl::Status status = series.Open();
  const absl::Status usable = status.ok() ? series.StraceUsable() : status;
  if (absl::IsUnavailable(usable)) return usable;
  for (const Victim& victim : victims) {
    if (status.ok()) status = series.Sweep(victim);
  }
  totals.Add(series.Close());
  if (!status.ok()) totals.faults.push_back("STOPPED " + std::string(status.message()));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Totals> RunInjections(const InjectOptions& options) {
  Totals totals;
  const absl::Time end = absl::Now() + options.run.limit;
  std::uint64_t number = 0;
  do {
    for (const auto& victims : Groups(options.slice)) {
      if (IsOver(options.run, totals, end)) break;
      const absl::Status usable = RunSeries(options, ++number, end, victims, totals);
      if (!usable.ok()) return usable;
    }
  } while (!options.slice && !IsOver(options.run, totals, end));
  return totals;
}

}  // namespace lethe::test
