// A FloodWorld is a real server, one client that floods it, and another that goes on working and
// whose times are measured.
#ifndef LETHE_TESTS_FLOODS_FLOOD_WORLD_H_
#define LETHE_TESTS_FLOODS_FLOOD_WORLD_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "tests/system/running_vault.h"

namespace lethe::test {

// What the server may take: issue's figures.
inline constexpr std::int64_t kPeakExtraMiB = 256;  // Beside twice what it takes idle.
inline constexpr std::int64_t kLeftExtraMiB = 64;   // When the flood is over.
inline constexpr absl::Duration kBackWithin = absl::Seconds(30);
inline constexpr int kLogLinesMax = 100;
inline constexpr int kSlowerMax = 5;
// Below this a p99 is the machine's own noise: two busy cores, and the flood itself runs on them.
inline constexpr absl::Duration kCalmP99Min = absl::Milliseconds(7);

class FloodWorld {
 public:
  // With `flags` for the server beside the usual.
  static absl::StatusOr<std::unique_ptr<FloodWorld>> Make(std::vector<std::string> flags);

  // Begins one of flooder.cc's floods by `who` about `subject`, at the lowest priority, so that it
  // takes what the server and the bystander leave it of this machine. Returns what ends it; the
  // test fails if it does not begin, or goes wrong.
  std::function<void()> Flood(const std::string& flood, const std::string& who,
                              const std::string& subject);
  const Client& flooder() const { return vault_->client(); }
  const Client& bystander() const { return *bystander_; }
  RunningVault& vault() { return *vault_; }

  std::int64_t ResidentMiB() const;
  std::int64_t LogLines() const;
  // The time that 99 of 100 of the bystander's reads and writes stay below.
  absl::Duration BystandersP99(int calls) const;

 private:
  FloodWorld() = default;

  std::unique_ptr<RunningVault> vault_;
  std::unique_ptr<Client> bystander_;
  std::string subject_;  // The bystander's.
  std::string record_;
  int floods_ = 0;
};

// Watches the server's memory from now until it is asked.
class PeakWatch {
 public:
  explicit PeakWatch(const FloodWorld& world);
  ~PeakWatch();
  std::int64_t PeakMiB();

 private:
  std::atomic<bool> ended_{false};
  std::atomic<std::int64_t> peak_{0};
  std::thread thread_;
};

// What rounds of calm and flood in turns have shown.
struct FloodFigures {
  std::int64_t idle_mib = 0;
  std::int64_t peak_mib = 0;
  std::int64_t left_mib = 0;  // The least within kBackWithin after the flood.
  absl::Duration calm_p99;    // Medians.
  absl::Duration flood_p99;
  absl::Duration allowed_p99;
  std::int64_t log_lines = 0;  // Of all floods.
};

// How thoroughly the bystander's times are measured. Without LETHE_FLOOD_BARS in the environment
// they are told and not judged: on a machine that does something else as well they say nothing.
struct Thoroughness {
  bool judged = false;
  int rounds = 1;
  int calls = 200;  // Of a round, so many that a p99 is more than the second worst of all.
  static Thoroughness OfEnvironment();
};

// `flood` begins a flood and returns what ends it. Where the times are beyond what is allowed they
// are measured once more: absolute times are noise on shared machines. `always_allowed`: what the
// bystander may have to wait for whatever it takes when all is calm.
FloodFigures Measure(const FloodWorld& world, const std::function<std::function<void()>()>& flood,
                     absl::Duration always_allowed = {});

// Fails where the figures are beyond what is allowed, and prints them.
void ExpectBounded(const std::string& name, const FloodFigures& figures);

}  // namespace lethe::test

#endif  // LETHE_TESTS_FLOODS_FLOOD_WORLD_H_
