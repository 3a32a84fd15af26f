#include "tests/system/errno_run.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <vector>

#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/system/errno_series.h"
#include "tests/system/errno_table.h"
#include "tests/system/made_up.h"

namespace lethe::test {
namespace {

constexpr std::size_t kSliceRows = 2;  // Of each act.

// Drawn, and then act by act.
std::vector<ErrnoRow> DrawnRows(std::uint64_t seed) {
  Rng rng(seed, 0);
  std::vector<ErrnoRow> rows = ErrnoRows();
  for (std::size_t left = rows.size(); left > 1; --left) {
    std::swap(rows[left - 1], rows[rng.Below(left)]);
  }
  std::ranges::stable_sort(rows, {}, &ErrnoRow::act);
  return rows;
}

// What shares a vault: the fewer, the shorter the checks; a slice saves the time to make one. The
// acts take turns, so that a run that ends early has met them all.
std::vector<std::span<const ErrnoRow>> Parts(std::span<const ErrnoRow> rows, bool slice) {
  const std::size_t size = slice ? kSliceRows : 1;
  std::vector<std::span<const ErrnoRow>> acts;
  for (std::size_t from = 0; from < rows.size();) {
    const auto same = [&](const ErrnoRow& row) { return row.act == rows[from].act; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(rows, same));
    acts.push_back(rows.subspan(from, count));
    from += count;
  }
  std::vector<std::span<const ErrnoRow>> parts;
  for (std::size_t at = 0; parts.empty() || !slice; at += size) {
    const std::size_t before = parts.size();
    for (const auto& act : acts) {
      if (at < act.size()) parts.push_back(act.subspan(at, std::min(size, act.size() - at)));
    }
    if (parts.size() == before) break;
  }
  return parts;
}

// Adds what becomes of one vault to `totals`. UNAVAILABLE: strace cannot be used.
absl::Status RunPart(const ErrnoOptions& options, std::uint64_t number, absl::Time end,
                     std::span<const ErrnoRow> rows, Totals& totals) {
  ErrnoSeries series(options, number, end, totals);
  absl::Status status = series.Open(rows.front().act);
  if (status.ok()) LETHE_TRY(series.StraceUsable());
  for (const ErrnoRow& row : rows) {
    if (status.ok()) status = series.Sweep(row);
  }
  Totals part = series.Close();
  if (!status.ok()) part.faults.push_back("STOPPED " + std::string(status.message()));
  totals.Add(part);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Totals> RunErrnos(const ErrnoOptions& options) {
  Totals totals;
  const absl::Time end = absl::Now() + options.run.limit;
  const std::vector<ErrnoRow> rows = DrawnRows(options.run.seed);
  const auto parts = Parts(rows, options.slice);
  std::size_t done = 0;
  for (; done < parts.size(); ++done) {
    if (absl::Now() >= end || totals.cycles >= options.run.cycles_max) break;
    const absl::Status usable = RunPart(options, done + 1, end, parts[done], totals);
    if (!usable.ok()) return usable;
  }
  std::printf("errnos: %zu of %zu parts\n", done, parts.size());
  return totals;
}

}  // namespace lethe::test
