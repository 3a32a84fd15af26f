#include "tests/system/kill_run.h"

#include <poll.h>

#include <memory>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/system/running_vault.h"
#include "tests/system/worker.h"

namespace lethe::test {
namespace {

constexpr int kWorkers = 8;
constexpr std::uint64_t kStepsMax = 300;  // Begun before a kill, by all workers together.
constexpr absl::Duration kLoadLimit = absl::Seconds(60);
constexpr std::uint64_t kStartMillisMax = 120;  // When a start is killed, if it still runs.
constexpr std::int64_t kCyclesPerVault = 25;    // Then a fresh one: bounds a check's time.

// A KillSeries is the cycles on one vault.
class KillSeries {
 public:
  KillSeries(std::uint64_t seed, std::uint64_t number) : rng_(seed, number << 32) {
    for (int i = 0; i < kWorkers; ++i) workers_.push_back(std::make_unique<Worker>(rng_.Next(), i));
  }

  absl::Status Open() {
    LETHE_ASSIGN(vault_, RunningVault::Make());
    return vault_->Up();
  }

  absl::Status Cycle() {
    const auto steps = static_cast<std::int64_t>(1 + rng_.Below(kStepsMax));
    LoadGate gate;
    bool loaded = false;
    absl::Status down;
    InParallel([&](Worker& worker) { worker.Work(vault_->client(), gate); },
               [&] {
                 loaded = gate.WaitFor(steps, kLoadLimit);
                 down = Down();
                 gate.Close();
               });
    if (!loaded) return absl::DeadlineExceededError("the load stands still");
    LETHE_TRY(down);
    LETHE_TRY(KillSomeStarts());
    LETHE_TRY(vault_->Up());
    ++cycles_;
    InParallel([&](Worker& worker) { worker.Check(vault_->client()); }, [] {});
    return absl::OkStatus();
  }

  Totals SoFar() const {
    Totals totals;
    totals.cycles = cycles_;
    for (const auto& worker : workers_) totals.Add(worker->totals());
    return totals;
  }

  // Ends it with a search of every file for what the load was made of.
  Totals Close() {
    Totals totals = SoFar();
    if (vault_ == nullptr) return totals;
    vault_->EndAndSearch(totals);
    return totals;
  }

 private:
  // Every worker in a thread of its own, and `beside` in this one.
  void InParallel(const std::function<void(Worker&)>& work, const std::function<void()>& beside) {
    std::vector<std::thread> threads;
    threads.reserve(workers_.size());
    for (const auto& worker : workers_) threads.emplace_back([&] { work(*worker); });
    beside();
    for (std::thread& thread : threads) thread.join();
  }

  // Mostly without warning; now and then as an administrator would.
  absl::Status Down() {
    if (rng_.Chance(90)) return vault_->server().Kill();
    LETHE_ASSIGN(const ProcessEnd end, vault_->server().Stop());
    return end.code == 0 ? absl::OkStatus() : absl::AbortedError("SIGTERM: " + ToText(end));
  }

  // Recovery must survive being killed as well. The moment is drawn, not waited for.
  absl::Status KillSomeStarts() {
    ServerProcess& server = vault_->server();
    while (rng_.Chance(25)) {
      LETHE_TRY(server.Launch());
      pollfd ended = {.fd = server.pidfd(), .events = POLLIN, .revents = 0};
      if (poll(&ended, 1, static_cast<int>(rng_.Below(kStartMillisMax))) != 0) {
        LETHE_ASSIGN(const ProcessEnd end, server.WaitForEnd(absl::ZeroDuration()));
        return absl::AbortedError("a start ended with " + ToText(end));
      }
      LETHE_TRY(server.Kill());
    }
    return absl::OkStatus();
  }

  Rng rng_;
  std::unique_ptr<RunningVault> vault_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::int64_t cycles_ = 0;
};

// Adds one vault's cycles to `totals`.
absl::Status RunSeries(const RunOptions& options, std::uint64_t number, absl::Time end,
                       Totals& totals) {
  KillSeries series(options.seed, number);
  absl::Status status = series.Open();
  for (std::int64_t i = 0; status.ok() && i < kCyclesPerVault; ++i) {
    if (absl::Now() >= end || totals.cycles + i >= options.cycles_max) break;
    status = series.Cycle();
    Totals now = totals;
    now.Add(series.SoFar());
    options.progress(now);
    if (!now.ok()) break;
  }
  totals.Add(series.Close());
  return status;
}

}  // namespace

Totals RunKills(const RunOptions& options) {
  Totals totals;
  const absl::Time end = absl::Now() + options.limit;
  for (std::uint64_t number = 1; totals.ok() && totals.cycles < options.cycles_max; ++number) {
    if (absl::Now() >= end) break;
    const absl::Status status = RunSeries(options, number, end, totals);
    if (!status.ok()) totals.faults.push_back("STOPPED " + std::string(status.message()));
  }
  return totals;
}

}  // namespace lethe::test
