// The housekeeper: one thread that does, in small steps, what calls leave behind: doomed leaves,
// periods that have ended, erases that a holder kept waiting, dead rows, outdated requests. All of
// it is on disk, so a restart goes on where it stopped.
#ifndef LETHE_VAULT_OPEN_HOUSEKEEPER_H_
#define LETHE_VAULT_OPEN_HOUSEKEEPER_H_

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "vault/erasure/erase_calls.h"
#include "vault/erasure/hygiene.h"
#include "vault/expiry/expired_rows.h"
#include "vault/expiry/expiry.h"
#include "vault/offboarding/gone_tenants.h"
#include "vault/offboarding/offboarding.h"
#include "vault/records/doomed.h"

namespace lethe::vault {

class Housekeeper {
 public:
  struct Parts {
    const records::Doomed& doomed;
    erasure::Hygiene& hygiene;
    expiry::ExpiredRows& expired_rows;
    offboarding::GoneTenants& gone_tenants;
    erasure::EraseCalls& erases;
    expiry::Expiry& expiry;
    offboarding::Offboarding& offboarding;
    Clock& clock;
  };

  explicit Housekeeper(const Parts& parts) : parts_(parts) {}
  // Finishes the step in hand.
  ~Housekeeper();

  void Start();
  // There is something to do: do not wait for the next tick.
  void Wake();

  // Everything there is to do now, in the caller's thread.
  absl::Status RunAll();

 private:
  void Loop();
  // True: there is more of it.
  absl::StatusOr<bool> Step();

  // A doomed leaf waits at most a tick longer than half of its delay.
  static constexpr absl::Duration kTick = absl::Seconds(1);

  const Parts parts_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  // The thread's own.
  absl::Time requests_dropped_ = absl::InfinitePast();
  absl::Time swept_ = absl::InfinitePast();
  std::thread thread_;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_HOUSEKEEPER_H_
