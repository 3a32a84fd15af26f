#include "bench/support/paired.h"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

namespace lethe::bench {
namespace {

constexpr int kRoundsMin = 15;
constexpr int kResamples = 2000;

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "benchmark misused: %s\n", what);
  std::abort();
}

double NowNs(TurnClock clock) {
  timespec now{};
  clock_gettime(clock == TurnClock::kWall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double TimeNs(const Work& work, std::int64_t repetitions, TurnClock clock) {
  const double begin_ns = NowNs(clock);
  work(repetitions);
  return NowNs(clock) - begin_ns;
}

// How many repetitions take about one turn.
std::int64_t RepetitionsFor(const Work& work, const TurnOptions& options) {
  const double turn_ns = std::chrono::duration<double, std::nano>(options.turn).count();
  std::int64_t repetitions = 1;
  double took_ns = TimeNs(work, repetitions, options.clock);
  while (took_ns < turn_ns / 2) {
    repetitions *= 2;
    took_ns = TimeNs(work, repetitions, options.clock);
  }
  const double scaled = static_cast<double>(repetitions) * turn_ns / took_ns;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(scaled));
}

}  // namespace

Rounds TimeInTurns(const std::vector<Work>& works, const TurnOptions& options) {
  Require(options.rounds >= kRoundsMin, "too few rounds");
  std::vector<std::int64_t> repetitions;
  for (const Work& work : works) repetitions.push_back(RepetitionsFor(work, options));

  Rounds rounds(works.size());
  for (int round = 0; round < options.rounds; ++round) {
    std::vector<Series> turns(works.size());
    for (int turn = 0; turn < options.turns; ++turn) {
      for (std::size_t i = 0; i < works.size(); ++i) {
        const std::size_t at = round % 2 == 0 ? i : works.size() - 1 - i;
        const double took_ns = TimeNs(works[at], repetitions[at], options.clock);
        turns[at].push_back(took_ns / static_cast<double>(repetitions[at]));
      }
    }
    // The median of the turns: one interrupted turn does not spoil the round.
    for (std::size_t i = 0; i < works.size(); ++i) rounds[i].push_back(Median(turns[i]));
  }
  return rounds;
}

double Median(Series values) {
  Require(!values.empty(), "median of nothing");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Estimate EstimateOf(const Series& values) {
  Require(!values.empty(), "estimate of nothing");
  std::mt19937_64 generator(20260101);  // Fixed: equal figures give an equal interval.
  std::uniform_int_distribution<std::size_t> pick(0, values.size() - 1);
  Series medians(kResamples);
  Series resample(values.size());
  for (double& median : medians) {
    for (double& value : resample) value = values[pick(generator)];
    median = Median(resample);
  }
  std::sort(medians.begin(), medians.end());
  return {Median(values), medians[kResamples * 25 / 1000], medians[kResamples * 975 / 1000 - 1]};
}

Estimate RatioOf(const Series& a, const Series& b) {
  Require(a.size() == b.size(), "series of different length");
  Series ratios(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) ratios[i] = a[i] / b[i];
  return EstimateOf(ratios);
}

void WarnIfBusy() {
  double load = 0;
  const auto processors = static_cast<double>(std::thread::hardware_concurrency());
  if (getloadavg(&load, 1) == 1 && load > processors) {
    std::fprintf(stderr, "warning: the machine is busy (load %.1f on %.0f processors)\n", load,
                 processors);
  }
}

}  // namespace lethe::bench
