// What an erase writes to the engine: in trees of a thousand to a million leaves against the model
// of docs/formats.md, and for a person with one record and with very many. Bytes are those of the
// batches, which the write-ahead log holds; what compaction rewrites later is not counted.
//
//   bench_erase_bytes [--leaves N] [--records N]     the largest tree, the most records
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "bench/erase/bench_vault.h"
#include "bench/support/arguments.h"
#include "bench/support/paired.h"
#include "vault/rows/row_schema.h"

namespace lethe::bench {
namespace {

namespace table = vault::table;

constexpr Shape kShape = {.categories = 5, .identifiers = 2};
constexpr double kOverModelMax = 1.2;
constexpr double kBytesMax = 20'000;
constexpr double kRecordsShareMax = 0.05;
// Groups are shared by eight persons: those in the middle are in full ones.
constexpr std::int64_t kPersons = 64;
constexpr std::size_t kErased = 15;

// Per operation, key and row of a full group and of a page (docs/formats.md).
constexpr double kGroupBytes = 2'142;
constexpr double kPageBytes = 2'646;

struct Measured {
  double bytes;
  double nodes;    // Groups and pages.
  double waiting;  // What is due at COMMITTED, in PREPARED.
  double again;    // The same in the frames that are not synced yet.
};

Measured MeasureOne(BenchVault& vault, const SubjectTag& person) {
  const EngineTotals before = vault.engine_totals();
  vault.Erase(person);
  const EngineTotals cost = vault.engine_totals() - before;
  const auto of = [&cost](storage::TableId id) {
    return static_cast<double>(cost.table_bytes.at(id));
  };
  return {static_cast<double>(cost.bytes()), of(table::kNode), of(table::kPending),
          of(table::kUnsynced)};
}

double MedianOf(const std::vector<Measured>& all, double Measured::*part) {
  Series values;
  for (const Measured& one : all) values.push_back(one.*part);
  return Median(values);
}

// One group and the pages above it.
double ModelOf(int levels) { return kGroupBytes + kPageBytes * levels; }

bool ReportTree(BenchVault& vault, std::int64_t leaves) {
  vault.GrowTo(leaves);
  const std::vector<SubjectTag> people = vault.Import(kPersons, kShape);
  std::vector<Measured> all;
  for (std::size_t i = 0; i < kErased; ++i) {
    all.push_back(MeasureOne(vault, people[people.size() / 4 + i]));
  }
  const int levels = vault.tree().Status().levels;
  const double nodes = MedianOf(all, &Measured::nodes);
  const double bytes = MedianOf(all, &Measured::bytes);
  const double over = nodes / ModelOf(levels);
  const bool met = over <= kOverModelMax && bytes <= kBytesMax;
  std::printf("  %9lld  %6d  %8.0f  %8.0f  %5.2f  %8.0f  %8.0f  %8.0f  %s\n",
              static_cast<long long>(leaves), levels, nodes, ModelOf(levels), over,
              MedianOf(all, &Measured::waiting), MedianOf(all, &Measured::again), bytes,
              met ? "met" : "MISSED");
  return met;
}

bool ReportTrees(std::int64_t leaves_max) {
  std::printf(
      "bytes to the engine, an erase of 5 categories and 2 identifiers (medians of %zu)\n\n"
      "     leaves  levels     nodes     model   over   waiting     again       all\n",
      kErased);
  BenchVault vault;
  bool all_met = true;
  for (std::int64_t leaves = 1'000; leaves <= leaves_max; leaves *= 10) {
    all_met = ReportTree(vault, leaves) && all_met;
  }
  std::printf("  (nodes over the model at most %.1f, all at most %.0f)\n", kOverModelMax,
              kBytesMax);
  return all_met;
}

bool ReportRecords(std::int64_t records) {
  BenchVault vault;
  const SubjectTag small = vault.Import(1, {.categories = 1}).front();
  const SubjectTag large =
      vault.Import(1, {.categories = 1, .records_per_category = static_cast<int>(records)}).front();
  const EngineTotals start = vault.engine_totals();
  vault.Erase(small);
  const EngineTotals middle = vault.engine_totals();
  vault.Erase(large);
  const EngineTotals one = middle - start;
  const EngineTotals lots = vault.engine_totals() - middle;
  const double more = static_cast<double>(lots.bytes()) / static_cast<double>(one.bytes()) - 1.0;
  const bool met = one.syncs == lots.syncs && std::abs(more) <= kRecordsShareMax;
  std::printf(
      "\na person with 1 record and one with %lld\n\n"
      "  syncs %llu and %llu, bytes %llu and %llu: %+.1f %% (equal, within %.0f %%: %s)\n",
      static_cast<long long>(records), static_cast<unsigned long long>(one.syncs),
      static_cast<unsigned long long>(lots.syncs), static_cast<unsigned long long>(one.bytes()),
      static_cast<unsigned long long>(lots.bytes()), more * 100, kRecordsShareMax * 100,
      met ? "met" : "MISSED");
  return met;
}

int Main(int argc, char** argv) {
  const bool trees = ReportTrees(NumberArgument(argc, argv, "--leaves", 1'000'000));
  const bool records = ReportRecords(NumberArgument(argc, argv, "--records", 100'000));
  return Verdict(argc, argv, trees && records);
}

}  // namespace
}  // namespace lethe::bench

int main(int argc, char** argv) { return lethe::bench::Main(argc, argv); }
