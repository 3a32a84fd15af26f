// The committer: one thread that carries out shreds, and alone talks to holders and log. Whatever
// is asked while an attempt runs is the next attempt.
#ifndef LETHE_VAULT_KEYTREE_COMMITTER_H_
#define LETHE_VAULT_KEYTREE_COMMITTER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "vault/keytree/attempt_runner.h"
#include "vault/keytree/holder_watch.h"

namespace lethe::vault::keytree {

// Thread-safe.
class Committer {
 public:
  // How long a caller waits for an attempt that a silent holder, or an archive that is not at its
  // path, keeps unresolved. The attempt goes
  // on; its outcome is in the shred log.
  static constexpr absl::Duration kWaitMax = absl::Seconds(30);
  static constexpr absl::Duration kHolderRetry = absl::Milliseconds(500);

  using Parts = CommitterParts;

  Committer(Parts parts, RecordedState recorded, std::uint64_t owner_epoch, Assurance assurance);
  // Finishes the attempt in hand, but for one that waits for a silent holder: the next open settles
  // that. What is queued behind it answers UNAVAILABLE (kShuttingDown).
  ~Committer();

  // `holders_behind`: a holder was silent or lacks its outer part; it is brought up to date by and
  // by.
  void Start(Groups& groups, bool holders_behind);
  // `outer` other than kKeep makes the attempt one of its own, a step of the horizon.
  absl::StatusOr<ShredOutcome> Shred(ShredRequest request,
                                     AttemptPlan::Outer outer = AttemptPlan::Outer::kKeep);
  // Adds a level on top, some time soon.
  void Grow();

  // Runs `task` on the committer's thread: between attempts, or while one waits for a holder.
  // kHolderUnreachable: not within kWaitMax; it may still run.
  absl::Status Run(std::function<absl::Status(RecordedState&)> task);

  // New data may be written: some holder that has the root is where the next start will look. Where
  // that is not so, it looks again before it refuses, so that what was put back counts at once. Not
  // from this thread's own tasks. UNAVAILABLE (kHolderUnreachable).
  absl::Status CheckWritable();

  // The root of now, for `name` to hold in the file at its path (HolderSet::Rejoin). Tasks only.
  holders::Rejoined Rejoin(const std::string& name);
  // As every holder should have it. Tasks only.
  holders::SlotContent Current() const { return runner_.Current(); }

  TreeStatus Status() const;

 private:
  struct Job {
    std::optional<ShredRequest> request;  // Absent: the tree's own.
    bool grow = false;
    AttemptPlan::Outer outer = AttemptPlan::Outer::kKeep;
    absl::Notification done;
    absl::StatusOr<ShredOutcome> result = absl::UnknownError("not run");
  };
  using Jobs = std::vector<std::shared_ptr<Job>>;
  struct Task {
    std::function<absl::Status(RecordedState&)> run;
    absl::Notification done;
    absl::Status result;
  };

  absl::Status Unresolved() const;
  absl::Status CheckOpen() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Loop();
  Jobs NextJobs();
  // False: there were none.
  bool RunTasks();
  void RunAttempt(const Jobs& jobs);
  void UpdateHolders();
  // What there is for the thread to do beside its rounds.
  bool IsAsked() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Look();
  // Waits until the next look was had.
  absl::Status AwaitLook() ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits before a silent holder is asked again; see AttemptRunner::Waiter.
  bool WaitForHolder(const absl::Status& why);
  // What an attempt ended with, for Status.
  void Note(const AttemptResult& result);

  Parts parts_;
  RecordedState recorded_;  // The thread's own.
  AttemptRunner runner_;
  const std::uint64_t owner_epoch_;

  mutable absl::Mutex mutex_;
  std::deque<std::shared_ptr<Job>> queue_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Task>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool sealed_ ABSL_GUARDED_BY(mutex_) = false;
  bool holders_behind_ ABSL_GUARDED_BY(mutex_) = false;
  Assurance assurance_ ABSL_GUARDED_BY(mutex_);
  HolderWatch watch_;
  absl::Duration update_from_;  // Since boot; the thread's own. Not before it, UpdateHolders.
  // Looks asked for, and had: any number of callers is served by one.
  std::uint64_t looks_asked_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t looks_had_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status unresolved_why_ ABSL_GUARDED_BY(mutex_);  // OK: nothing is.
  std::thread thread_;
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_COMMITTER_H_
