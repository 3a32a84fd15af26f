#include "vault/chores/housekeeper.h"

#include <utility>

#include "base/status_macros.h"

namespace lethe::vault::chores {

Housekeeper::Housekeeper(std::vector<Chore> chores, const storage::Engine& engine, Clock& clock)
    : engine_(engine), clock_(clock) {
  for (Chore& chore : chores) runs_.emplace_back(std::move(chore));
  Tell();
}

Housekeeper::~Housekeeper() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Housekeeper::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void Housekeeper::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void Housekeeper::Loop() {
  const auto called = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || woken_; };
  while (true) {
    // A final error ends in a restart, and what is to be done stays written down.
    const auto more = DoRound();
    absl::MutexLock lock(&mutex_);
    if (!more.ok() || !*more) {
      mutex_.AwaitWithTimeout(absl::Condition(&called), kTick);
    }
    woken_ = false;
    if (stopping_) return;
  }
}

absl::Status Housekeeper::RunAll() {
  while (true) {
    LETHE_ASSIGN(const bool more, DoRound());
    if (!more) return absl::OkStatus();
  }
}

absl::StatusOr<bool> Housekeeper::DoRound() {
  const absl::Time now = clock_.Now();
  absl::StatusOr<bool> more = false;
  for (ChoreRun& run : runs_) {
    if (!run.IsDue(now)) continue;
    const absl::StatusOr<bool> more_of_it = run.Step(now);
    if (!more_of_it.ok()) {
      more = more_of_it.status();
      break;
    }
    *more = *more || *more_of_it;
  }
  Tell();
  return more;
}

void Housekeeper::Tell() {
  std::vector<ChoreStatus> now;
  for (ChoreRun& run : runs_) {
    run.NumberRows(engine_);
    now.push_back(run.Status());
  }
  absl::MutexLock lock(&mutex_);
  told_ = std::move(now);
}

std::vector<ChoreStatus> Housekeeper::Status() const {
  absl::MutexLock lock(&mutex_);
  return told_;
}

}  // namespace lethe::vault::chores
