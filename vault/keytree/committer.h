// The committer: one thread that carries out shreds. Whatever is asked while an attempt runs is the
// next attempt. The steps are those of docs/architecture.md, "A shred":
//   1 close the groups, build the new path   2 PREPARED, synced   3 new root beside the old
//   4 old root destroyed                     5 answer             6 COMMITTED, riding along
#ifndef LETHE_VAULT_KEYTREE_COMMITTER_H_
#define LETHE_VAULT_KEYTREE_COMMITTER_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "vault/keytree/attempt.h"
#include "vault/keytree/groups.h"
#include "vault/keytree/holder_set.h"
#include "vault/keytree/key_tree.h"
#include "vault/keytree/node_keys.h"
#include "vault/keytree/shred_log.h"

namespace lethe::vault::keytree {

// Thread-safe.
class Committer {
 public:
  // How long a caller waits for an attempt that a silent holder keeps unresolved. The attempt goes
  // on; its outcome is in the shred log.
  static constexpr absl::Duration kWaitMax = absl::Seconds(30);
  static constexpr absl::Duration kHolderRetry = absl::Milliseconds(500);

  struct Parts {
    VaultId vault;
    Journal& journal;
    NodeKeys& keys;
    Groups* groups = nullptr;  // Set before Start: groups ask the committer to grow.
    HolderSet& holders;
    const crypto::SigningKey& signing_key;
    Clock& clock;
    Random& random;
  };

  Committer(Parts parts, LogState log, std::uint64_t owner_epoch, Assurance assurance);
  // Finishes the attempt in hand; what is queued behind it answers UNAVAILABLE (kShuttingDown).
  ~Committer();

  void Start(Groups& groups);
  absl::StatusOr<ShredOutcome> Shred(ShredRequest request);
  // Adds a level on top, some time soon.
  void Grow();

  // Runs `errand` on the committer's thread, which alone talks to holders and log: between
  // attempts, or while one waits for a holder. kHolderUnreachable: not within kWaitMax.
  absl::Status Run(std::function<absl::Status()> errand);
  // The root and its holders.
  absl::StatusOr<KeyStatus> Keys();

  TreeStatus Status() const;

 private:
  struct Job {
    std::optional<ShredRequest> request;  // Absent: grow.
    absl::Notification done;
    absl::StatusOr<ShredOutcome> result = absl::UnknownError("not run");
  };
  using Jobs = std::vector<std::shared_ptr<Job>>;
  struct Errand {
    std::function<absl::Status()> run;
    absl::Notification done;
    absl::Status result;
  };
  struct Pass;  // One attempt on its way.

  void Loop();
  Jobs NextJobs();
  void RunErrands();
  void RunAttempt(const Jobs& jobs);
  absl::Status Prepare(const Jobs& jobs, Pass& run);
  absl::Status CommitPrepared(const Jobs& jobs, Pass& run);
  absl::Status ReplaceRoot(Pass& run);
  absl::Status ReplaceRootOnce(Pass& run);
  absl::Status AuthenticateNewNodes(const Pass& run);
  absl::Status Finish(Pass& run);
  void Answer(const Jobs& jobs, const Pass& run);
  void SignTogether(const Jobs& jobs);
  void Fail(const Jobs& jobs, const absl::Status& status);
  void SetUnresolved(const absl::Status& why);
  void Seal();

  Parts parts_;
  LogState log_;
  const std::uint64_t owner_epoch_;

  mutable absl::Mutex mutex_;
  std::deque<std::shared_ptr<Job>> queue_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Errand>> errands_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool sealed_ ABSL_GUARDED_BY(mutex_) = false;
  Assurance assurance_ ABSL_GUARDED_BY(mutex_);
  std::string unresolved_why_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_COMMITTER_H_
