// How long a key lives after somebody asked for its death: from the request to key_death_time, one
// caller alone, and one among others that erase and write all the time.
//
//   bench_erase_death [--subjects N]
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "bench/erase/bench_vault.h"
#include "bench/support/arguments.h"
#include "bench/support/paired.h"

namespace lethe::bench {
namespace {

constexpr Shape kShape = {.categories = 3, .identifiers = 1};
constexpr int kErasersBeside = 8;
constexpr int kWritersBeside = 4;
// Of the subjects, how many each eraser beside has for every one of the caller that is timed.
constexpr std::int64_t kBesidePerSubject = 2;

// Milliseconds of each erase, sorted.
Series Time(BenchVault& vault, const std::vector<SubjectTag>& people) {
  Series took_ms;
  for (const SubjectTag& person : people) {
    const absl::Time asked = vault.clock.Now();
    const vault::Erasure erasure = vault.Erase(person);
    took_ms.push_back(absl::ToDoubleMilliseconds(erasure.key_death_time - asked));
  }
  std::sort(took_ms.begin(), took_ms.end());
  return took_ms;
}

double Percentile(const Series& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void Print(const char* what, const Series& took_ms) {
  std::printf("  %-44s p50 %7.2f ms   p99 %7.2f ms   most %7.2f ms\n", what,
              Percentile(took_ms, 0.5), Percentile(took_ms, 0.99), took_ms.back());
}

Series TimeUnderLoad(BenchVault& vault, std::int64_t subjects) {
  const std::vector<SubjectTag> timed = vault.Import(subjects, kShape);
  const std::vector<SubjectTag> beside =
      vault.Import(subjects * kBesidePerSubject * kErasersBeside, kShape);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < kErasersBeside; ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < beside.size() && !done; at = next++) {
        vault.Erase(beside[at]);
      }
    });
  }
  for (int i = 0; i < kWritersBeside; ++i) {
    threads.emplace_back([&] {
      while (!done) vault.Import(10, kShape);
    });
  }
  Series took_ms = Time(vault, timed);
  if (next >= beside.size()) std::fprintf(stderr, "warning: the load ended before the end\n");
  done = true;
  for (std::thread& thread : threads) thread.join();
  return took_ms;
}

int Main(int argc, char** argv) {
  const std::int64_t subjects = NumberArgument(argc, argv, "--subjects", 300);
  WarnIfBusy();
  BenchVault vault;
  const std::vector<SubjectTag> people = vault.Import(subjects, kShape);
  std::printf("from the request to the key's death, %lld erases\n\n",
              static_cast<long long>(subjects));
  Print("one caller alone", Time(vault, people));
  Print("beside 8 that erase and 4 that import", TimeUnderLoad(vault, subjects));
  return 0;
}

}  // namespace
}  // namespace lethe::bench

int main(int argc, char** argv) { return lethe::bench::Main(argc, argv); }
