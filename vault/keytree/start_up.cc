#include "vault/keytree/start_up.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/keytree/attempt.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::keytree {
namespace {

// What all reachable holders show.
struct Found {
  std::vector<holders::Slot> slots;
  bool someone_silent = false;
};

absl::StatusOr<Found> ReadHolders(const VaultId& vault, holders::HolderSet& holders) {
  Found found;
  for (auto& read : holders.ReadAll()) {
    if (absl::IsUnavailable(read.status())) {
      found.someone_silent = true;
      continue;
    }
    LETHE_TRY(read.status());
    for (holders::Slot& slot : *read) {
      if (slot.state == holders::Slot::State::kWhole && slot.content->vault != vault) {
        return Refuse(Reason::kLeafLost, "a key holder belongs to another vault");
      }
      found.slots.push_back(std::move(slot));
    }
  }
  return found;
}

const holders::SlotContent* Opening(const Found& found, const crypto::Commitment& root) {
  for (const holders::Slot& slot : found.slots) {
    if (holders::Holds(slot, root)) return &*slot.content;
  }
  return nullptr;
}

// Do all nodes the tail names open with `root`?
bool TailStands(const VaultId& vault, const storage::Engine& engine, const shredlog::LogEntry& tail,
                const Root& root) {
  const auto path = PathOf(tail.leaves, tail.base_levels, tail.levels, tail.attempt);
  return AuthenticatePath(
             vault, root, path,
             [&engine](const NodeId& id) { return engine.Get(table::kNode, id.Key()); })
      .ok();
}

}  // namespace

absl::StatusOr<StartUp> DecideStartUp(const VaultId& vault, const storage::Engine& engine,
                                      const shredlog::LogState& log, holders::HolderSet& holders) {
  LETHE_ASSIGN(const Found found, ReadHolders(vault, holders));
  StartUp start;
  start.highest_generation = log.highest_attempt;
  start.someone_silent = found.someone_silent;
  for (const holders::Slot& slot : found.slots) {
    if (slot.state != holders::Slot::State::kWhole) continue;
    start.highest_epoch = std::max(start.highest_epoch, slot.content->owner_epoch);
    start.highest_generation = std::max(start.highest_generation, slot.content->generation);
  }
  if (log.tail_sequence != 0) {
    LETHE_ASSIGN(start.tail_entry, shredlog::LoadLogEntry(engine, log.tail_sequence));
    start.tail = StartUp::Tail::kAbort;
    if (const holders::SlotContent* slot = Opening(found, start.tail_entry->root)) {
      Root root{start.tail_entry->attempt, start.tail_entry->levels, slot->root.Clone()};
      if (TailStands(vault, engine, *start.tail_entry, root)) {
        start.tail = StartUp::Tail::kFinish;
        start.root = std::move(root);
      }
    }
  }
  if (start.tail != StartUp::Tail::kFinish) {
    if (const holders::SlotContent* slot = Opening(found, log.head_root)) {
      start.root = Root{log.head_generation, log.head_levels, slot->root.Clone()};
    }
  }
  if (start.root.key.empty() && found.someone_silent) {
    return Refuse(Reason::kHolderUnreachable,
                  "no reachable key holder opens this vault, one is silent");
  }
  if (start.root.key.empty()) {
    return Refuse(
        Reason::kLeafLost,
        "no key holder opens this vault: bring a holder, or the archive, of its last state");
  }
  // An attempt is settled in every holder it names, or not at all.
  if (start.tail != StartUp::Tail::kNone && found.someone_silent) {
    return Refuse(Reason::kHolderUnreachable,
                  "a shred was cut off and a key holder it needs is silent");
  }
  return start;
}

absl::StatusOr<std::uint64_t> SettleHolders(const VaultId& vault, const StartUp& start,
                                            holders::HolderSet& holders) {
  holders::SlotContent next;
  next.vault = vault;
  next.generation = start.root.generation;
  next.owner_epoch = start.highest_epoch + 1;
  next.root = start.root.key.Clone();
  next.root_commitment = crypto::Commit(next.root);
  const auto silent = start.someone_silent ? holders::HolderSet::Silent::kPass
                                           : holders::HolderSet::Silent::kRefuse;
  LETHE_TRY(holders.WriteBeside(next.root_commitment, next, silent));
  LETHE_TRY(holders.DestroyAllBut(next, silent));
  return next.owner_epoch;
}

absl::StatusOr<storage::Batch> SettleLog(const VaultId& vault, const storage::Engine& engine,
                                         const StartUp& start, absl::Time now,
                                         const crypto::SigningKey& key, shredlog::LogState& log) {
  storage::Batch change;
  if (start.tail == StartUp::Tail::kNone) return change;
  shredlog::LogEntry outcome = *start.tail_entry;
  const std::string pending_key = row_key::Sequence(outcome.attempt);
  if (start.tail == StartUp::Tail::kFinish) {
    LETHE_ASSIGN(const std::string pending, engine.Get(table::kPending, pending_key));
    LETHE_ASSIGN(change, storage::Batch::Decode(AsBytes(pending)));
    outcome.kind = shredlog::EntryKind::kCommitted;
  } else {
    for (const NodeId& id :
         PathOf(outcome.leaves, outcome.base_levels, outcome.levels, outcome.attempt)) {
      change.Delete(table::kNode, id.Key());
    }
    change.Delete(table::kPending, pending_key);
    outcome.kind = shredlog::EntryKind::kAborted;
  }
  outcome.time = now;
  outcome.leaves.clear();
  outcome.facts.clear();
  log = shredlog::AppendLogEntry(vault, log, std::move(outcome), key, change);
  return change;
}

}  // namespace lethe::vault::keytree
