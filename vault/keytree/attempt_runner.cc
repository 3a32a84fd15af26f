#include "vault/keytree/attempt_runner.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/keytree/receipt_batch.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::keytree {
namespace {

std::vector<std::uint64_t> GroupsOf(const std::vector<shredlog::GroupLeaves>& leaves) {
  std::vector<std::uint64_t> groups;
  for (const shredlog::GroupLeaves& group : leaves) groups.push_back(group.group);
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

holders::SlotContent SlotOf(const VaultId& vault, const Root& root, std::uint64_t owner_epoch) {
  return {vault, root.generation, owner_epoch, crypto::Commit(root.key), root.key.Clone()};
}

}  // namespace

struct AttemptRunner::Pass {
  std::vector<Place> dying;
  std::vector<shredlog::GroupLeaves> leaves;
  Attempt attempt;
  shredlog::LogState log_after;  // With PREPARED in it.
  shredlog::HolderFacts facts_after;
  shredlog::LogEntry entry;
  std::vector<holders::ServiceKey> left;  // By a step of the horizon.
  storage::Batch pending;
  Journal::Committed prepared;
  holders::SlotContent next;
  absl::Time key_death_time;
  bool on_disk = false;  // PREPARED may be: only a restart may undo it.
};

holders::SlotContent AttemptRunner::Current() const {
  return SlotOf(parts_.vault, parts_.keys.CurrentRoot(), owner_epoch_);
}

void AttemptRunner::CheckAssurance() {
  std::string why;
  assurance_ = parts_.holders.CheckAssurance(&why);
}

AttemptResult AttemptRunner::Run(const AttemptPlan& plan) {
  Pass pass;
  for (const ShredRequest* request : plan.requests) {
    pass.dying.insert(pass.dying.end(), request->leaves.begin(), request->leaves.end());
  }
  pass.leaves = ByGroup(pass.dying);
  const std::vector<std::uint64_t> groups = GroupsOf(pass.leaves);
  parts_.groups->Close(groups);
  absl::Status status = Prepare(plan, pass);
  if (status.ok()) status = CommitPrepared(plan, pass);
  if (!status.ok() && !pass.on_disk) {
    // Nothing was written: the leaves are whole.
    parts_.holders.DropRenewedOuter();
    parts_.keys.Revive(pass.dying);
    parts_.groups->Reopen(groups);
    return {status, ReasonOf(status) == Reason::kSealed, {}};
  }
  if (status.ok()) status = ReplaceRoot(pass);
  if (status.ok()) status = Finish(pass);
  // What is on disk is for the next open to decide; the groups stay closed and the leaves dying.
  if (!status.ok()) return {status, true, {}};
  parts_.holders.DropRenewedOuter();
  parts_.groups->Reopen(groups);
  return {status, false, OutcomesOf(plan, pass)};
}

// Step 1: a holder that is silent now costs nothing yet.
absl::Status AttemptRunner::Prepare(const AttemptPlan& plan, Pass& pass) {
  LETHE_TRY(parts_.holders.Join(Current()));
  if (plan.outer != AttemptPlan::Outer::kKeep) {
    // Before a key service is asked for what could not be written down.
    LETHE_TRY(parts_.journal.CheckWritable());
    const bool missing_only = plan.outer == AttemptPlan::Outer::kAddMissing;
    LETHE_ASSIGN(pass.left, parts_.holders.RenewOuter(missing_only, parts_.random));
  }
  LETHE_ASSIGN(pass.attempt,
               BuildAttempt(parts_.vault, parts_.journal.engine(), parts_.keys, pass.leaves,
                            recorded_.log.highest_attempt + 1, plan.grow, parts_.random));
  pass.next = SlotOf(parts_.vault, pass.attempt.root, owner_epoch_);
  return absl::OkStatus();
}

// Step 2.
absl::Status AttemptRunner::CommitPrepared(const AttemptPlan& plan, Pass& pass) {
  std::vector<audit::Event> events;
  std::vector<storage::Batch> on_commit;
  for (ShredRequest* request : plan.requests) {
    events.push_back(request->event);
    on_commit.push_back(std::move(request->on_commit));
    pass.entry.facts.push_back(std::move(request->facts));
  }
  if (events.empty()) events.push_back({.method = audit::Method::kShredPrepared});
  pass.pending = PendingBatch(pass.attempt, std::move(on_commit));

  storage::Batch change;
  pass.log_after = AppendEntries(pass, change);
  change.Put(table::kPending, row_key::Sequence(pass.attempt.root.generation),
             pass.pending.Encode());
  for (NodeRow& node : pass.attempt.nodes) {
    change.Put(table::kNode, node.id.Key(), std::move(node.row));
  }
  // Last, so that nothing is written for a root that the next start would not find.
  LETHE_TRY(parts_.holders.CheckPlaces());
  auto committed = parts_.journal.Commit(std::move(events), std::move(change),
                                         storage::Durability::kSynced, storage::Room::kReserve);
  pass.on_disk = committed.ok() || !Journal::WroteNothing(committed.status());
  LETHE_TRY(committed.status());
  pass.prepared = *committed;
  recorded_ = RecordedState{pass.log_after, pass.facts_after};
  return absl::OkStatus();
}

shredlog::LogEntry AttemptRunner::EntryOf(const Pass& pass) const {
  shredlog::LogEntry entry;
  entry.kind = shredlog::EntryKind::kPrepared;
  entry.time = parts_.clock.Now();
  entry.attempt = pass.attempt.root.generation;
  entry.base = pass.attempt.base.generation;
  entry.base_levels = pass.attempt.base.levels;
  entry.levels = pass.attempt.root.levels;
  entry.root = pass.next.root_commitment;
  entry.nodes = DigestOf(pass.attempt.nodes);
  entry.leaves = pass.leaves;
  entry.facts = pass.entry.facts;
  entry.holders = parts_.holders.names();
  entry.assurance = assurance_;
  return entry;
}

// A horizon is open from here on, even should the attempt be undone: then the key version that was
// to be left is still in use, and saying too much is the safe side.
shredlog::LogState AttemptRunner::AppendEntries(Pass& pass, storage::Batch& change) {
  pass.entry = EntryOf(pass);
  pass.facts_after = recorded_.facts;
  shredlog::LogState log = recorded_.log;
  if (!pass.left.empty()) {
    shredlog::LogEntry step;
    step.kind = shredlog::EntryKind::kHorizonStepped;
    step.time = pass.entry.time;
    step.attempt = pass.entry.attempt;
    for (const holders::ServiceKey& key : pass.left) {
      pass.facts_after.OpenHorizon(key);
      step.facts.push_back(ByteWriter().Short(key.service).Short(key.key_id).Take());
    }
    log = shredlog::AppendLogEntry(parts_.vault, log, std::move(step), parts_.signing_key, change);
    shredlog::StoreHolderFacts(pass.facts_after, change);
  }
  return shredlog::AppendLogEntry(parts_.vault, log, pass.entry, parts_.signing_key, change);
}

// Steps 3 and 4. A holder that falls silent here, or an archive whose bytes cannot be read back
// since it is not at its path or no descriptor is left, leaves the attempt unresolved: its groups
// stay closed, everything else is served, and it is tried again until it answers or is retired.
absl::Status AttemptRunner::ReplaceRoot(Pass& pass) {
  while (true) {
    const absl::Status status = ReplaceRootOnce(pass);
    const bool passes = absl::IsUnavailable(status)
                            ? ReasonOf(status) != Reason::kSealed
                            : ReasonOf(status) == Reason::kDescriptorReserve;
    if (!passes) {
      wait_(absl::OkStatus());
      return status;
    }
    if (!wait_(status)) return status;
  }
}

absl::Status AttemptRunner::ReplaceRootOnce(Pass& pass) {
  const crypto::Commitment base = crypto::Commit(pass.attempt.base.key);
  // The owner epoch before each step: a server that took over meanwhile must keep its root.
  LETHE_TRY(parts_.holders.CheckEpoch(pass.next));
  LETHE_TRY(parts_.holders.WriteBeside(base, pass.next));
  LETHE_TRY(AuthenticateNewNodes(pass));
  LETHE_TRY(parts_.holders.CheckEpoch(pass.next));
  LETHE_TRY(parts_.holders.DestroyAllBut(pass.next));
  pass.key_death_time = parts_.clock.Now();
  return absl::OkStatus();
}

// With the root as the slots give it back, and with the archive's bytes where there is one: before
// the old root goes, the new one must open what a restore would find.
absl::Status AttemptRunner::AuthenticateNewNodes(const Pass& pass) {
  LETHE_ASSIGN(const holders::SlotContent slot, parts_.holders.ReadBack(pass.next.root_commitment));
  const Root root{slot.generation, pass.attempt.root.levels, slot.root.Clone()};
  const std::vector<NodeId> path =
      PathOf(pass.leaves, pass.attempt.base.levels, pass.attempt.root.levels, slot.generation);
  if (parts_.journal.archive() == nullptr) {
    return AuthenticatePath(parts_.vault, root, path, [this](const NodeId& id) {
      return parts_.journal.engine().Get(table::kNode, id.Key());
    });
  }
  LETHE_ASSIGN(const archive::Frame frame, parts_.journal.archive()->ReadBack(pass.prepared.frame));
  LETHE_ASSIGN(const auto rows, NodeRowsOf(frame));
  const auto find = [&rows](const NodeId& id) -> absl::StatusOr<std::string> {
    const auto row = rows.find(id.Key());
    if (row == rows.end()) return Refuse(Reason::kLeafLost, "a node is not in the archive");
    return row->second;
  };
  return AuthenticatePath(parts_.vault, root, path, find);
}

// Step 5, and the move in memory: after it nothing here can open what died.
absl::Status AttemptRunner::Finish(Pass& pass) {
  parts_.keys.Switch(std::move(pass.attempt.root), pass.attempt.rekeyed, pass.dying);
  CheckAssurance();
  shredlog::LogEntry committed = pass.entry;
  committed.kind = shredlog::EntryKind::kCommitted;
  committed.time = pass.key_death_time;
  committed.assurance = assurance_;
  committed.leaves.clear();
  committed.facts.clear();
  recorded_.log = shredlog::AppendLogEntry(parts_.vault, recorded_.log, committed,
                                           parts_.signing_key, pass.pending);
  return parts_.journal
      .Commit({audit::Event{.method = audit::Method::kShredOutcome}}, std::move(pass.pending),
              storage::Durability::kWritten, storage::Room::kLast)
      .status();
}

std::vector<ShredOutcome> AttemptRunner::OutcomesOf(const AttemptPlan& plan,
                                                    const Pass& pass) const {
  std::vector<ShredOutcome> outcomes;
  std::uint64_t event_sequence = pass.prepared.sequence + 1 - plan.requests.size();
  for (const ShredRequest* request : plan.requests) {
    ShredOutcome outcome;
    outcome.generation = pass.next.generation;
    outcome.log_sequence = pass.log_after.last_sequence;
    outcome.event_sequence = event_sequence++;
    outcome.key_death_time = pass.key_death_time;
    outcome.assurance = assurance_;
    outcome.horizon_open = !recorded_.facts.horizons.empty();
    outcome.retired_holders = recorded_.facts.retired;
    for (const Place& leaf : request->leaves) {
      if (const auto died = pass.attempt.died.find(leaf); died != pass.attempt.died.end()) {
        outcome.commitments.push_back(died->second);
      }
    }
    if (request->statement) outcome.statement = request->statement(outcome);
    outcomes.push_back(std::move(outcome));
  }
  SignTogether(outcomes);
  return outcomes;
}

// One signature for everything that this attempt has to state.
void AttemptRunner::SignTogether(std::vector<ShredOutcome>& outcomes) const {
  std::vector<ShredOutcome*> stated;
  std::vector<std::string_view> statements;
  for (ShredOutcome& outcome : outcomes) {
    if (outcome.statement.empty()) continue;
    stated.push_back(&outcome);
    statements.push_back(outcome.statement);
  }
  std::vector<BatchProof> proofs = SignBatch(parts_.vault, parts_.signing_key, statements);
  for (std::size_t i = 0; i < stated.size(); ++i) stated[i]->proof = std::move(proofs[i]);
}

}  // namespace lethe::vault::keytree
