#include "vault/keytree/committer.h"

#include <algorithm>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/keytree/receipt_batch.h"
#include "vault/row_schema.h"

namespace lethe::vault::keytree {
namespace {

// Bounds one attempt: at 2 KiB a group its batch stays near the archive's largest frame.
constexpr std::size_t kLeavesPerAttemptMax = 16'384;

std::vector<std::uint64_t> GroupsOf(const std::vector<GroupLeaves>& leaves) {
  std::vector<std::uint64_t> groups;
  for (const GroupLeaves& group : leaves) groups.push_back(group.group);
  return groups;
}

// The rows of the attempt as the archive holds them: what a restore would see.
absl::StatusOr<absl::flat_hash_map<std::string, std::string>> NodeRowsOf(
    const archive::Frame& frame) {
  LETHE_ASSIGN(const storage::Batch batch, storage::Batch::Decode(AsBytes(frame.batch)));
  absl::flat_hash_map<std::string, std::string> rows;
  for (const storage::Operation& operation : batch.operations()) {
    if (operation.table == table::kNode) rows[operation.key] = operation.value;
  }
  return rows;
}

}  // namespace

struct Committer::Pass {
  std::vector<Place> dying;
  std::vector<GroupLeaves> leaves;
  Attempt attempt;
  LogState log_after;  // With PREPARED in it.
  LogEntry entry;
  storage::Batch pending;
  Journal::Committed prepared;
  SlotContent next;
  absl::Time key_death_time;
  bool on_disk = false;  // PREPARED may be: only a restart may undo it.
};

Committer::Committer(Parts parts, LogState log, std::uint64_t owner_epoch, Assurance assurance)
    : parts_(std::move(parts)),
      log_(std::move(log)),
      owner_epoch_(owner_epoch),
      assurance_(assurance) {}

Committer::~Committer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Committer::Start(Groups& groups) {
  parts_.groups = &groups;
  thread_ = std::thread([this] { Loop(); });
}

absl::StatusOr<ShredOutcome> Committer::Shred(ShredRequest request) {
  if (request.leaves.size() > KeyTree::kLeavesPerShredMax) {
    return Refuse(Reason::kTooMany, "a shred has a limit of leaves", {}, "leaves_per_shred");
  }
  const auto reached = [this](const Place& leaf) { return parts_.keys.Reaches(leaf); };
  if (!std::ranges::all_of(request.leaves, reached)) {
    return Refuse(Reason::kLeafLost, "a row names a leaf where no leaf can be");
  }
  auto job = std::make_shared<Job>();
  job->request = std::move(request);
  {
    absl::MutexLock lock(&mutex_);
    if (sealed_) return Refuse(Reason::kSealed, "the vault is sealed after a failed write");
    if (stopping_) return Refuse(Reason::kShuttingDown, "the vault is shutting down");
    // Before the job can run: reads that need these leaves fail from here on.
    parts_.keys.MarkDying(job->request->leaves);
    queue_.push_back(job);
  }
  if (!job->done.WaitForNotificationWithTimeout(kWaitMax)) {
    return Refuse(Reason::kHolderUnreachable,
                  "a key holder is silent; the shred is prepared and will be finished");
  }
  return std::move(job->result);
}

void Committer::Grow() {
  absl::MutexLock lock(&mutex_);
  queue_.push_back(std::make_shared<Job>());
}

absl::Status Committer::Run(std::function<absl::Status()> errand) {
  auto waiting = std::make_shared<Errand>();
  waiting->run = std::move(errand);
  {
    absl::MutexLock lock(&mutex_);
    if (sealed_) return Refuse(Reason::kSealed, "the vault is sealed after a failed write");
    if (stopping_) return Refuse(Reason::kShuttingDown, "the vault is shutting down");
    errands_.push_back(waiting);
  }
  if (!waiting->done.WaitForNotificationWithTimeout(kWaitMax)) {
    return Refuse(Reason::kHolderUnreachable, "a key holder takes long to answer");
  }
  return waiting->result;
}

absl::StatusOr<KeyStatus> Committer::Keys() {
  auto keys = std::make_shared<KeyStatus>();  // The errand may run after its caller gave up.
  LETHE_TRY(Run([this, keys] {
    const TreeStatus tree = Status();
    keys->generation = tree.generation;
    keys->levels = tree.levels;
    keys->owner_epoch = tree.owner_epoch;
    keys->assurance = tree.assurance;
    keys->attempt_unresolved = tree.attempt_unresolved;
    keys->unresolved_why = tree.unresolved_why;
    keys->holders = parts_.holders.Statuses(crypto::Commit(parts_.keys.CurrentRoot().key));
    return absl::OkStatus();
  }));
  return *keys;
}

TreeStatus Committer::Status() const {
  absl::MutexLock lock(&mutex_);
  TreeStatus status;
  status.generation = parts_.keys.generation();
  status.levels = parts_.keys.levels();
  status.owner_epoch = owner_epoch_;
  status.assurance = assurance_;
  status.sealed = sealed_;
  status.attempt_unresolved = !unresolved_why_.empty();
  status.unresolved_why = unresolved_why_;
  return status;
}

void Committer::Seal() {
  absl::MutexLock lock(&mutex_);
  sealed_ = true;
}

void Committer::SetUnresolved(const absl::Status& why) {
  absl::MutexLock lock(&mutex_);
  unresolved_why_ = why.ok() ? std::string() : std::string(why.message());
}

void Committer::Loop() {
  while (true) {
    const Jobs jobs = NextJobs();
    RunErrands();
    if (!jobs.empty()) RunAttempt(jobs);
    absl::MutexLock lock(&mutex_);
    if (stopping_ && errands_.empty() && queue_.empty()) return;
  }
}

void Committer::RunErrands() {
  while (true) {
    std::shared_ptr<Errand> errand;
    {
      absl::MutexLock lock(&mutex_);
      if (errands_.empty()) return;
      errand = std::move(errands_.front());
      errands_.pop_front();
    }
    errand->result = errand->run();
    errand->done.Notify();
  }
}

// Everything that waits, up to the bound of one attempt; empty when there are only errands to run,
// or it is time to stop.
Committer::Jobs Committer::NextJobs() {
  absl::MutexLock lock(&mutex_);
  const auto something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty() || !errands_.empty();
  };
  mutex_.Await(absl::Condition(&something));
  Jobs jobs;
  std::size_t leaves = 0;
  while (!queue_.empty() && !stopping_) {
    const std::size_t more = queue_.front()->request ? queue_.front()->request->leaves.size() : 0;
    if (!jobs.empty() && leaves + more > kLeavesPerAttemptMax) break;
    leaves += more;
    jobs.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  for (; stopping_ && !queue_.empty(); queue_.pop_front()) {
    queue_.front()->result = Refuse(Reason::kShuttingDown, "the vault is shutting down");
    queue_.front()->done.Notify();
  }
  return jobs;
}

void Committer::RunAttempt(const Jobs& jobs) {
  Pass run;
  for (const auto& job : jobs) {
    if (job->request) {
      run.dying.insert(run.dying.end(), job->request->leaves.begin(), job->request->leaves.end());
    }
  }
  run.leaves = ByGroup(run.dying);
  const std::vector<std::uint64_t> groups = GroupsOf(run.leaves);
  parts_.groups->Close(groups);
  absl::Status status = Prepare(jobs, run);
  if (status.ok()) status = CommitPrepared(jobs, run);
  if (!status.ok() && !run.on_disk) {
    // Nothing was written: the leaves are whole.
    parts_.keys.Revive(run.dying);
    parts_.groups->Reopen(groups);
    if (ReasonOf(status) == Reason::kSealed) Seal();
    return Fail(jobs, status);
  }
  if (status.ok()) status = ReplaceRoot(run);
  if (status.ok()) status = Finish(run);
  if (!status.ok()) {
    // What is on disk is for the next open to decide; the groups stay closed and the leaves dying.
    Seal();
    return Fail(jobs, status);
  }
  parts_.groups->Reopen(groups);
  Answer(jobs, run);
}

// Step 1: a holder that is silent now costs nothing yet.
absl::Status Committer::Prepare(const Jobs& jobs, Pass& run) {
  const Root base = parts_.keys.CurrentRoot();
  LETHE_TRY(parts_.holders.CheckOwned(crypto::Commit(base.key), owner_epoch_));
  const bool grow =
      std::ranges::any_of(jobs, [](const auto& job) { return !job->request.has_value(); });
  LETHE_ASSIGN(run.attempt,
               BuildAttempt(parts_.vault, parts_.journal.engine(), parts_.keys, run.leaves,
                            log_.highest_attempt + 1, grow, parts_.random));
  run.next.vault = parts_.vault;
  run.next.generation = run.attempt.root.generation;
  run.next.owner_epoch = owner_epoch_;
  run.next.root_commitment = crypto::Commit(run.attempt.root.key);
  run.next.root = run.attempt.root.key.Clone();
  return absl::OkStatus();
}

// Step 2.
absl::Status Committer::CommitPrepared(const Jobs& jobs, Pass& run) {
  std::vector<audit::Event> events;
  std::vector<storage::Batch> on_commit;
  for (const auto& job : jobs) {
    if (!job->request) continue;
    events.push_back(job->request->event);
    on_commit.push_back(std::move(job->request->on_commit));
    run.entry.facts.push_back(std::move(job->request->facts));
  }
  if (events.empty()) events.push_back({.method = audit::Method::kShredPrepared});
  run.pending = PendingBatch(run.attempt, std::move(on_commit));

  run.entry.kind = EntryKind::kPrepared;
  run.entry.time = parts_.clock.Now();
  run.entry.attempt = run.attempt.root.generation;
  run.entry.base = run.attempt.base.generation;
  run.entry.base_levels = run.attempt.base.levels;
  run.entry.levels = run.attempt.root.levels;
  run.entry.root = run.next.root_commitment;
  run.entry.nodes = DigestOf(run.attempt.nodes);
  run.entry.leaves = run.leaves;
  run.entry.holders = parts_.holders.names();
  run.entry.assurance = Status().assurance;

  storage::Batch change;
  run.log_after = AppendLogEntry(parts_.vault, log_, run.entry, parts_.signing_key, change);
  change.Put(table::kPending, row_key::Sequence(run.attempt.root.generation), run.pending.Encode());
  for (NodeRow& node : run.attempt.nodes) {
    change.Put(table::kNode, node.id.Key(), std::move(node.row));
  }
  auto committed = parts_.journal.Commit(std::move(events), std::move(change),
                                         storage::Durability::kSynced, storage::Room::kReserve);
  // Only these two say that nothing was written.
  run.on_disk = committed.ok() || !(absl::IsResourceExhausted(committed.status()) ||
                                    absl::IsAborted(committed.status()));
  LETHE_TRY(committed.status());
  run.prepared = *committed;
  log_ = run.log_after;
  return absl::OkStatus();
}

// Steps 3 and 4. A holder that falls silent here leaves the attempt unresolved: its groups stay
// closed, everything else is served, and it is tried again until it answers.
absl::Status Committer::ReplaceRoot(Pass& run) {
  while (true) {
    const absl::Status status = ReplaceRootOnce(run);
    if (!absl::IsUnavailable(status) || ReasonOf(status) == Reason::kSealed) {
      SetUnresolved(absl::OkStatus());
      return status;
    }
    SetUnresolved(status);
    RunErrands();
    const auto something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return stopping_ || !errands_.empty();
    };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&something), kHolderRetry);
    if (stopping_) return status;
  }
}

absl::Status Committer::ReplaceRootOnce(Pass& run) {
  const Commitment base = crypto::Commit(run.attempt.base.key);
  // The owner epoch before each step: a server that took over meanwhile must keep its root.
  LETHE_TRY(parts_.holders.CheckEpoch(owner_epoch_));
  LETHE_TRY(parts_.holders.WriteBeside(base, run.next));
  LETHE_TRY(AuthenticateNewNodes(run));
  LETHE_TRY(parts_.holders.CheckEpoch(owner_epoch_));
  LETHE_TRY(parts_.holders.DestroyAllBut(run.next));
  run.key_death_time = parts_.clock.Now();
  return absl::OkStatus();
}

// With the root as the slots give it back, and with the archive's bytes where there is one: before
// the old root goes, the new one must open what a restore would find.
absl::Status Committer::AuthenticateNewNodes(const Pass& run) {
  LETHE_ASSIGN(const SlotContent slot, parts_.holders.ReadBack(run.next.root_commitment));
  const Root root{slot.generation, run.attempt.root.levels, slot.root.Clone()};
  const std::vector<NodeId> path =
      PathOf(run.leaves, run.attempt.base.levels, run.attempt.root.levels, slot.generation);
  if (parts_.journal.archive() == nullptr) {
    return AuthenticatePath(parts_.vault, root, path, [this](const NodeId& id) {
      return parts_.journal.engine().Get(table::kNode, id.Key());
    });
  }
  LETHE_ASSIGN(const archive::Frame frame, parts_.journal.archive()->ReadBack(run.prepared.frame));
  LETHE_ASSIGN(const auto rows, NodeRowsOf(frame));
  const auto find = [&rows](const NodeId& id) -> absl::StatusOr<std::string> {
    const auto row = rows.find(id.Key());
    if (row == rows.end()) return Refuse(Reason::kLeafLost, "a node is not in the archive");
    return row->second;
  };
  return AuthenticatePath(parts_.vault, root, path, find);
}

// Step 6, and the move in memory: after it nothing here can open what died.
absl::Status Committer::Finish(Pass& run) {
  parts_.keys.Switch(std::move(run.attempt.root), run.attempt.rekeyed, run.dying);
  std::string why;
  const Assurance assurance = parts_.holders.CheckAssurance(&why);
  {
    absl::MutexLock lock(&mutex_);
    assurance_ = assurance;
  }
  LogEntry committed = run.entry;
  committed.kind = EntryKind::kCommitted;
  committed.time = run.key_death_time;
  committed.assurance = assurance;
  committed.leaves.clear();
  committed.facts.clear();
  log_ = AppendLogEntry(parts_.vault, log_, committed, parts_.signing_key, run.pending);
  run.entry.assurance = assurance;
  return parts_.journal
      .Commit({audit::Event{.method = audit::Method::kShredOutcome}}, std::move(run.pending),
              storage::Durability::kWritten, storage::Room::kLast)
      .status();
}

void Committer::Answer(const Jobs& jobs, const Pass& run) {
  std::uint64_t event_sequence = run.prepared.sequence + 1;
  for (const auto& job : jobs) event_sequence -= job->request.has_value() ? 1 : 0;
  for (const auto& job : jobs) {
    ShredOutcome outcome;
    outcome.generation = run.next.generation;
    outcome.log_sequence = run.log_after.last_sequence;
    outcome.key_death_time = run.key_death_time;
    outcome.assurance = run.entry.assurance;
    if (job->request) {
      outcome.event_sequence = event_sequence++;
      for (const Place& leaf : job->request->leaves) {
        if (const auto died = run.attempt.died.find(leaf); died != run.attempt.died.end()) {
          outcome.commitments.push_back(died->second);
        }
      }
    }
    if (job->request && job->request->statement) {
      outcome.statement = job->request->statement(outcome);
    }
    job->result = std::move(outcome);
  }
  SignTogether(jobs);
  for (const auto& job : jobs) job->done.Notify();
}

// One signature for everything that this attempt has to state.
void Committer::SignTogether(const Jobs& jobs) {
  std::vector<ShredOutcome*> stated;
  std::vector<std::string_view> statements;
  for (const auto& job : jobs) {
    if (job->result->statement.empty()) continue;
    stated.push_back(&*job->result);
    statements.push_back(job->result->statement);
  }
  std::vector<BatchProof> proofs = SignBatch(parts_.vault, parts_.signing_key, statements);
  for (std::size_t i = 0; i < stated.size(); ++i) stated[i]->proof = std::move(proofs[i]);
}

void Committer::Fail(const Jobs& jobs, const absl::Status& status) {
  for (const auto& job : jobs) {
    job->result = status;
    job->done.Notify();
  }
}

}  // namespace lethe::vault::keytree
