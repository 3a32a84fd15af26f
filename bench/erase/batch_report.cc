// Erasures a second with many callers at once, everything on: archive, receipts, plan, lock,
// header. Beside it the bare tree: the same leaves shredded with nothing around them.
//
//   bench_erase_batch [--subjects N] [--callers N]
#include <time.h>

#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "bench/erase/bench_vault.h"
#include "bench/support/arguments.h"
#include "bench/support/paired.h"

namespace lethe::bench {
namespace {

constexpr double kErasesPerSecondMin = 1'500;
constexpr Shape kShape = {.categories = 3, .identifiers = 1};
// What a full erase shreds of that shape: its categories' leaves and its own.
constexpr std::size_t kLeavesPerErase = 4;

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Run {
  double per_second;
  double cpu_us;  // Of all threads, an erase.
};

// Work number 0 … count - 1, by so many callers, each taking the next.
template <typename Work>
Run RunAtOnce(std::int64_t count, std::int64_t callers, const Work& work) {
  std::atomic<std::int64_t> next = 0;
  std::vector<std::thread> threads;
  const double begin = Seconds(CLOCK_MONOTONIC);
  const double cpu_begin = Seconds(CLOCK_PROCESS_CPUTIME_ID);
  for (std::int64_t i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      for (std::int64_t at = next++; at < count; at = next++) work(at);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto n = static_cast<double>(count);
  return {n / (Seconds(CLOCK_MONOTONIC) - begin),
          (Seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin) / n * 1e6};
}

Run RunTree(BenchVault& vault, std::int64_t subjects, std::int64_t callers) {
  std::vector<std::vector<vault::Place>> leaves(subjects);
  for (auto& person : leaves) person = vault.DraftPerson(kLeavesPerErase);
  return RunAtOnce(subjects, callers, [&](std::int64_t at) {
    vault::keytree::ShredRequest request;
    request.leaves = leaves[at];
    if (!vault.tree().Shred(std::move(request)).ok()) std::abort();
  });
}

int Main(int argc, char** argv) {
  const std::int64_t subjects = NumberArgument(argc, argv, "--subjects", 20'000);
  const std::int64_t callers = NumberArgument(argc, argv, "--callers", 256);
  WarnIfBusy();
  BenchVault vault;
  const std::vector<SubjectTag> people = vault.Import(subjects, kShape);
  const EngineTotals before = vault.engine_totals();
  const std::uint64_t generation = vault.tree().Status().generation;
  const Run whole = RunAtOnce(subjects, callers, [&](std::int64_t at) { vault.Erase(people[at]); });
  const std::uint64_t attempts = vault.tree().Status().generation - generation;
  const std::uint64_t engine_bytes = (vault.engine_totals() - before).bytes();
  const Run tree = RunTree(vault, subjects, callers);
  std::printf(
      "%lld subjects of 3 categories and 1 identifier, %lld callers, archive and receipts on\n"
      "  %8.0f erases/s   (at least %.0f: %s)   %5.0f us of CPU an erase\n"
      "  %8.0f /s bare tree, the same number of leaves        %5.0f us\n"
      "  %8.1f erases share an attempt; %llu bytes to the engine an erase\n",
      static_cast<long long>(subjects), static_cast<long long>(callers), whole.per_second,
      kErasesPerSecondMin, whole.per_second >= kErasesPerSecondMin ? "met" : "MISSED", whole.cpu_us,
      tree.per_second, tree.cpu_us, static_cast<double>(subjects) / static_cast<double>(attempts),
      static_cast<unsigned long long>(engine_bytes / static_cast<std::uint64_t>(subjects)));
  return Verdict(argc, argv, whole.per_second >= kErasesPerSecondMin);
}

}  // namespace
}  // namespace lethe::bench

int main(int argc, char** argv) { return lethe::bench::Main(argc, argv); }
