// The attempt runner carries out one attempt after another on the committer's thread: it builds the
// new path, prepares it, replaces the root in every holder and says what came of it. The steps are
// those of docs/architecture.md, "A shred".
#ifndef LETHE_VAULT_KEYTREE_ATTEMPT_RUNNER_H_
#define LETHE_VAULT_KEYTREE_ATTEMPT_RUNNER_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "vault/holders/holder_set.h"
#include "vault/keytree/attempt.h"
#include "vault/keytree/groups.h"
#include "vault/keytree/key_tree.h"
#include "vault/keytree/node_keys.h"
#include "vault/shredlog/holder_facts.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::keytree {

struct CommitterParts {
  VaultId vault;
  Journal& journal;
  NodeKeys& keys;
  Groups* groups = nullptr;  // Set before the first attempt: groups ask the committer to grow.
  holders::HolderSet& holders;
  const crypto::SigningKey& signing_key;
  Clock& clock;
  Random& random;
};

// What an attempt is to do beside drawing a fresh root.
struct AttemptPlan {
  std::vector<ShredRequest*> requests;
  bool grow = false;  // A level on top.
  enum class Outer { kKeep, kAddMissing, kRenew } outer = Outer::kKeep;
};

struct AttemptResult {
  absl::Status status;
  bool seal = false;                   // Only a restart may decide now.
  std::vector<ShredOutcome> outcomes;  // One a request, if OK.
};

// What the shred log says so far, and what follows from it. The committer's thread only.
struct RecordedState {
  shredlog::LogState log;
  shredlog::HolderFacts facts;
};

class AttemptRunner {
 public:
  // Waits before a step is tried again with a holder that is silent, for the reason given (OK: it
  // answers again). False: time to stop.
  using Waiter = std::function<bool(const absl::Status& why)>;

  AttemptRunner(const CommitterParts& parts, RecordedState& recorded, std::uint64_t owner_epoch,
                Assurance assurance, Waiter wait)
      : parts_(parts),
        recorded_(recorded),
        owner_epoch_(owner_epoch),
        assurance_(assurance),
        wait_(std::move(wait)) {}

  AttemptResult Run(const AttemptPlan& plan);

  // The root of now as every holder should have it.
  holders::SlotContent Current() const;
  Assurance assurance() const { return assurance_; }
  void CheckAssurance();

 private:
  struct Pass;  // One attempt on its way.

  absl::Status Prepare(const AttemptPlan& plan, Pass& pass);
  absl::Status CommitPrepared(const AttemptPlan& plan, Pass& pass);
  shredlog::LogEntry EntryOf(const Pass& pass) const;
  shredlog::LogState AppendEntries(Pass& pass, storage::Batch& change);
  absl::Status ReplaceRoot(Pass& pass);
  absl::Status ReplaceRootOnce(Pass& pass);
  absl::Status AuthenticateNewNodes(const Pass& pass);
  absl::Status Finish(Pass& pass);
  std::vector<ShredOutcome> OutcomesOf(const AttemptPlan& plan, const Pass& pass) const;
  void SignTogether(std::vector<ShredOutcome>& outcomes) const;

  const CommitterParts& parts_;
  RecordedState& recorded_;
  const std::uint64_t owner_epoch_;
  Assurance assurance_;
  const Waiter wait_;
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_ATTEMPT_RUNNER_H_
