// The housekeeper: one thread that does chores, each on its own, so that none waits for another
// that fails.
#ifndef LETHE_VAULT_CHORES_HOUSEKEEPER_H_
#define LETHE_VAULT_CHORES_HOUSEKEEPER_H_

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "storage/engine.h"
#include "vault/chores/chore_run.h"

namespace lethe::vault::chores {

// Thread-safe, but for RunAll, which is for vaults without the thread.
class Housekeeper {
 public:
  Housekeeper(std::vector<Chore> chores, const storage::Engine& engine, Clock& clock);
  // Finishes the step in hand.
  ~Housekeeper();

  void Start();
  // There is something to do: do not wait for the next tick.
  void Wake();

  // Everything there is to do now, in the caller's thread. What a chore fails with is in its
  // status; an error here is one that only a restart helps against.
  absl::Status RunAll();

  std::vector<ChoreStatus> Status() const;

 private:
  void Loop();
  // A step of every chore that is due. True: there is more to do. Ends with a final error.
  absl::StatusOr<bool> DoRound();
  void Tell();

  // A doomed leaf waits at most a tick longer than half of its delay.
  static constexpr absl::Duration kTick = absl::Seconds(1);

  const storage::Engine& engine_;
  Clock& clock_;
  std::vector<ChoreRun> runs_;  // The thread's own.
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<ChoreStatus> told_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace lethe::vault::chores

#endif  // LETHE_VAULT_CHORES_HOUSEKEEPER_H_
