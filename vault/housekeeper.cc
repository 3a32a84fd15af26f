#include "vault/housekeeper.h"

#include "base/status_macros.h"

namespace lethe::vault {
namespace {

constexpr absl::Duration kRequestsEvery = absl::Hours(1);

}  // namespace

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
    // An error is tried again with the next tick: a sealed journal ends in a restart, a silent
    // holder comes back, and what is to be done stays written down.
    const auto more = Step();
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
    LETHE_ASSIGN(const bool more, Step());
    if (!more) return absl::OkStatus();
  }
}

absl::StatusOr<bool> Housekeeper::Step() {
  const absl::Time now = parts_.clock.Now();
  parts_.erases.FinishUnresolved();
  LETHE_TRY(parts_.doomed.ShredDue(now).status());
  LETHE_ASSIGN(bool more, parts_.hygiene.Step());
  if (now - requests_dropped_ >= kRequestsEvery) {
    LETHE_ASSIGN(const bool more_requests, parts_.hygiene.DropOutdatedRequests(now));
    if (!more_requests) requests_dropped_ = now;
    more = more || more_requests;
  }
  return more;
}

}  // namespace lethe::vault
