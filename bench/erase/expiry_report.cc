// The end of a day's records: one commit that destroys the day's secret, however many records hang
// on it. Two vaults, one with a hundredth of the records: the same syncs, the same bytes.
//
//   bench_erase_expiry [--records N]     the full run has 1,000,000
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "bench/erase/bench_vault.h"
#include "bench/support/arguments.h"
#include "bench/support/paired.h"
#include "vault/expiry/expiry.h"

namespace lethe::bench {
namespace {

constexpr double kBytesShareMax = 0.05;
// A tree that grew by a level on the way has one page more to re-key, and its key in the next.
constexpr std::uint64_t kBytesPerLevel = 2'700;
constexpr std::int64_t kRecordsPerSubject = 100;
constexpr std::int64_t kFewer = 100;  // The other vault has so many times fewer.
// Past the month that they are kept, counted from the end of their day.
constexpr absl::Duration kUntilPast = absl::Hours(24 * 33);

struct Sweep {
  std::int64_t records;
  std::uint64_t attempts;
  int levels;
  EngineTotals cost;
  double took_ms;
};

Sweep Run(std::int64_t records) {
  BenchVault vault;
  const std::int64_t subjects = std::max<std::int64_t>(1, records / kRecordsPerSubject);
  vault.Import(subjects, {.categories = 1,
                          .records_per_category = static_cast<int>(records / subjects),
                          .expiring = true});
  vault.clock.Advance(kUntilPast);
  vault::expiry::Expiry expiry(vault->stores(), vault->erasures().receipts);
  const vault::chores::Chore sweep = expiry.SweepChore();
  const std::uint64_t generation = vault.tree().Status().generation;
  const EngineTotals before = vault.engine_totals();
  const absl::Time begin = vault.clock.Now();
  vault::chores::Pass pass;
  vault::chores::Round round(begin, pass);
  const bool swept = sweep.step(round).ok() && pass.failure.ok() && pass.bad_rows.empty();
  if (!swept) std::abort();
  const double took_ms = absl::ToDoubleMilliseconds(vault.clock.Now() - begin);
  const vault::keytree::TreeStatus after = vault.tree().Status();
  return {records, after.generation - generation, after.levels, vault.engine_totals() - before,
          took_ms};
}

void Print(const Sweep& sweep) {
  std::printf("  %9lld  %8llu  %5llu  %7llu  %8.1f ms\n", static_cast<long long>(sweep.records),
              static_cast<unsigned long long>(sweep.attempts),
              static_cast<unsigned long long>(sweep.cost.syncs),
              static_cast<unsigned long long>(sweep.cost.bytes()), sweep.took_ms);
}

int Main(int argc, char** argv) {
  const std::int64_t records = NumberArgument(argc, argv, "--records", 100'000);
  WarnIfBusy();
  std::printf("the end of a day's records\n\n    records  attempts  syncs    bytes      time\n");
  const Sweep few = Run(std::max<std::int64_t>(1, records / kFewer));
  Print(few);
  const Sweep many = Run(records);
  Print(many);
  const double higher =
      static_cast<double>(kBytesPerLevel) * static_cast<double>(many.levels - few.levels);
  const double more =
      (static_cast<double>(many.cost.bytes()) - higher) / static_cast<double>(few.cost.bytes()) - 1;
  const bool met = few.attempts == 1 && many.attempts == 1 && few.cost.syncs == many.cost.syncs &&
                   std::abs(more) <= kBytesShareMax;
  std::printf(
      "  one commit each, equal syncs, bytes but for %d levels more %+.1f %% (within %.0f %%): "
      "%s\n",
      many.levels - few.levels, more * 100, kBytesShareMax * 100, met ? "met" : "MISSED");
  return Verdict(argc, argv, met);
}

}  // namespace
}  // namespace lethe::bench

int main(int argc, char** argv) { return lethe::bench::Main(argc, argv); }
