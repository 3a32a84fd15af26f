#include "vault/open/housekeeper.h"

#include "base/status_macros.h"

namespace lethe::vault {
namespace {

constexpr absl::Duration kRequestsEvery = absl::Hours(1);
// Nobody reads past an end, so a minute is soon enough for its shred, and a look at all periods
// that live costs little then.
constexpr absl::Duration kSweepEvery = absl::Minutes(1);

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
  // A clock that was set back starts the interval anew.
  if (now - swept_ >= kSweepEvery || now < swept_) {
    LETHE_TRY(parts_.expiry.Sweep(now));
    swept_ = now;
  }
  LETHE_ASSIGN(bool more, parts_.hygiene.Step(now));
  LETHE_ASSIGN(const bool more_expired, parts_.expired_rows.Step());
  LETHE_ASSIGN(const bool more_scheduled, parts_.erases.RunScheduled(now));
  more = more || more_scheduled;
  LETHE_ASSIGN(const bool more_offboarding, parts_.offboarding.Step(now));
  LETHE_ASSIGN(const bool more_gone, parts_.gone_tenants.Step());
  more = more || more_expired || more_offboarding || more_gone;
  if (now - requests_dropped_ >= kRequestsEvery) {
    LETHE_ASSIGN(const bool more_requests, parts_.hygiene.DropOutdatedRequests(now));
    if (!more_requests) requests_dropped_ = now;
    more = more || more_requests;
  }
  return more;
}

}  // namespace lethe::vault
