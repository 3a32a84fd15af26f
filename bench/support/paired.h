// Ratios that hold on a machine whose speed does not. Absolute times here drift by a factor of two
// within minutes, so two pieces of code are timed in turns in one process, and only their ratio is
// stated, with the interval it lies in.
//
//   const Rounds rounds = TimeInTurns({ours, bare}, {});
//   const Estimate ratio = RatioOf(rounds[0], rounds[1]);   // 1.07 [1.05, 1.09]
//   const bool met = ratio.low <= 1.15;
#ifndef LETHE_BENCH_SUPPORT_PAIRED_H_
#define LETHE_BENCH_SUPPORT_PAIRED_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace lethe::bench {

// A Work does one operation so many times. Its result must be kept from the optimiser.
using Work = std::function<void(std::int64_t repetitions)>;

// Wall is what a caller waits, disk and other threads included. ThreadCpu leaves out the time in
// which this thread did not run: for pure computation, on a machine that has other work.
enum class TurnClock { kWall, kThreadCpu };

struct TurnOptions {
  TurnClock clock = TurnClock::kWall;
  int rounds = 31;  // At least 15, else the interval means little (checked).
  // A round gives every work this many turns, A B C A B C …, each about `turn` long: short enough
  // that the machine is the same for all, long enough that the clock does not count.
  int turns = 8;
  std::chrono::microseconds turn{1000};
};

// Nanoseconds per operation, one entry a round: the median of its turns.
using Series = std::vector<double>;
// One Series per work, in the order given.
using Rounds = std::vector<Series>;

// Times all works in turns on this thread, after a warm-up that also finds how many repetitions
// make a turn. Every other round goes through the works backwards, so none gains by its place.
Rounds TimeInTurns(const std::vector<Work>& works, const TurnOptions& options);

// A median with the 95 % interval in which it lies (percentile bootstrap over rounds, 2,000
// resamples, fixed seed).
struct Estimate {
  double median;
  double low;
  double high;
};

// Of a / b round by round. Both have one entry a round (checked).
Estimate RatioOf(const Series& a, const Series& b);
Estimate EstimateOf(const Series& values);

double Median(Series values);

// Prints a line of warning to stderr if the machine has more to do than it has processors. Ratios
// stand it, within wider intervals; absolute times do not.
void WarnIfBusy();

}  // namespace lethe::bench

#endif  // LETHE_BENCH_SUPPORT_PAIRED_H_
