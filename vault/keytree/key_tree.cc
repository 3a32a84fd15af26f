#include "vault/keytree/key_tree.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/audit/tags.h"
#include "vault/holders/holder_set.h"
#include "vault/keytree/committer.h"
#include "vault/keytree/first_tree.h"
#include "vault/keytree/groups.h"
#include "vault/keytree/node_keys.h"
#include "vault/keytree/operator_tasks.h"
#include "vault/keytree/start_up.h"
#include "vault/keytree/wrapped_leaf.h"
#include "vault/rows/row_schema.h"
#include "vault/shredlog/holder_facts.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::keytree {
namespace {

ShredRequest WithoutLeaves(audit::Event event) {
  return {.leaves = {}, .event = std::move(event), .facts = {}, .on_commit = {}};
}

}  // namespace

struct KeyTree::Rep {
  Rep(const VaultId& vault, Journal& journal, holders::HolderSet holders, Root root, Clock& clock,
      Random& random)
      : vault(vault),
        journal(journal),
        holders(std::move(holders)),
        keys(vault, journal.engine(), std::move(root)),
        clock(clock),
        random(random) {}

  // The second half of Open: needs the root, ends with everything settled.
  absl::Status Start(const StartUp& start, RecordedState recorded);
  absl::Status StartCommitter(std::uint64_t first_free, std::uint64_t epoch, bool holders_behind,
                              RecordedState recorded);
  absl::StatusOr<LeafDraft> DraftAt(const Place& place, std::shared_ptr<GroupHold> hold,
                                    storage::Batch& change);

  const VaultId vault;
  Journal& journal;
  holders::HolderSet holders;
  NodeKeys keys;
  Clock& clock;
  Random& random;
  Secret vault_secret;
  std::optional<crypto::SigningKey> signing_key;
  std::optional<Groups> groups;
  std::optional<CommitterParts> parts;
  std::optional<OperatorTasks> operator_tasks;
  std::optional<Committer> committer;  // Dies first: its thread uses all of the above.
};

absl::Status KeyTree::Rep::Start(const StartUp& start, RecordedState recorded) {
  LETHE_ASSIGN(vault_secret, keys.Unwrap(kVaultLeaf, nullptr));
  signing_key.emplace(SigningKeyOf(vault_secret));
  LETHE_ASSIGN(const std::uint64_t first_free, Groups::LoadFirstFree(journal.engine()));
  LETHE_ASSIGN(const std::uint64_t epoch, SettleHolders(vault, start, holders));
  LETHE_ASSIGN(storage::Batch settled,
               SettleLog(vault, journal.engine(), start, clock.Now(), *signing_key, recorded.log));
  if (!settled.empty()) {
    LETHE_TRY(journal
                  .Commit({audit::Event{.method = audit::Method::kShredOutcome}},
                          std::move(settled), storage::Durability::kSynced, storage::Room::kLast)
                  .status());
  }
  recorded.log.highest_attempt = std::max(recorded.log.highest_attempt, start.highest_generation);
  return StartCommitter(first_free, epoch, start.someone_silent, std::move(recorded));
}

absl::Status KeyTree::Rep::StartCommitter(std::uint64_t first_free, std::uint64_t epoch,
                                          bool holders_behind, RecordedState recorded) {
  std::string why;
  const Assurance assurance = holders.CheckAssurance(&why);
  parts.emplace(CommitterParts{.vault = vault,
                               .journal = journal,
                               .keys = keys,
                               .holders = holders,
                               .signing_key = *signing_key,
                               .clock = clock,
                               .random = random});
  committer.emplace(*parts, std::move(recorded), epoch, assurance);
  operator_tasks.emplace(*parts, *committer);
  groups.emplace(vault, journal, keys, random, first_free, [this] { committer->Grow(); });
  // Which outer parts there are is known from the slots as they stand now.
  const bool lacks = !holders.ReadAll().empty() && holders.AnyLacksOuter();
  committer->Start(*groups, holders_behind || lacks);
  if (!lacks) return absl::OkStatus();
  // A first outer part is worth waiting for; a service that is silent is asked again later.
  (void)committer->Shred(WithoutLeaves({.method = audit::Method::kShredPrepared}),
                         AttemptPlan::Outer::kAddMissing);
  return absl::OkStatus();
}

// The hold keeps the group's key what it is until the caller's commit has returned.
absl::StatusOr<LeafDraft> KeyTree::Rep::DraftAt(const Place& place, std::shared_ptr<GroupHold> hold,
                                                storage::Batch& change) {
  LETHE_ASSIGN(const NodeKey group, keys.KeyOf(NodeSpot(0, place.group)));
  LeafDraft draft{place, Secret::Draw(random), {}, std::move(hold)};
  draft.wrapped = WrapLeaf(vault, place, group.generation, group.key, draft.secret);
  change.ExpectAbsent(table::kLeaf, place.Key());
  change.Put(table::kLeaf, place.Key(), EncodeLeafRow(draft.wrapped));
  return draft;
}

absl::Status KeyTree::Create(const VaultId& vault, Journal& journal,
                             std::vector<std::unique_ptr<holders::Holder>>& holders, Clock& clock,
                             Random& random) {
  std::vector<std::string> names;
  for (const auto& holder : holders) names.push_back(holder->name());
  FirstTree tree = MakeFirstTree(vault, names, clock, random);
  LETHE_TRY(journal
                .Commit({audit::Event{.method = audit::Method::kInit}}, std::move(tree.change),
                        storage::Durability::kSynced)
                .status());
  for (const auto& holder : holders) LETHE_TRY(holder->WriteSlot(0, tree.slot));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<KeyTree>> KeyTree::Open(
    const VaultId& vault, Journal& journal, std::vector<std::unique_ptr<holders::Holder>> holders,
    Clock& clock, Random& random) {
  LETHE_ASSIGN(shredlog::HolderFacts facts, shredlog::LoadHolderFacts(journal.engine()));
  std::erase_if(holders, [&](const auto& holder) { return facts.IsRetired(holder->name()); });
  if (holders.empty()) {
    return Refuse(Reason::kLeafLost, "every holder that the vault names is retired");
  }
  holders::HolderSet holder_set(std::move(holders));
  LETHE_ASSIGN(shredlog::LogState log, shredlog::LoadLogState(journal.engine()));
  LETHE_ASSIGN(StartUp start, DecideStartUp(vault, journal.engine(), log, holder_set));
  auto rep = std::make_unique<Rep>(vault, journal, std::move(holder_set), start.root.Clone(), clock,
                                   random);
  LETHE_TRY(rep->Start(start, RecordedState{log, std::move(facts)}));
  return std::unique_ptr<KeyTree>(new KeyTree(std::move(rep)));
}

KeyTree::KeyTree(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

KeyTree::~KeyTree() = default;

absl::StatusOr<PersonSpot> KeyTree::ReserveSpot() { return rep_->groups->NextSpot(); }

absl::StatusOr<LeafDraft> KeyTree::DraftPersonal(PersonSpot& spot, storage::Batch& change) {
  for (std::uint8_t i = 0; i < kSlotsPerPerson; ++i) {
    if ((spot.used >> i & 1) != 0) continue;
    auto hold = rep_->groups->TryHold(spot.group);
    if (hold == nullptr) break;  // Being shredded: the leaf goes elsewhere.
    spot.used = static_cast<std::uint8_t>(spot.used | 1u << i);
    return rep_->DraftAt(Place{spot.group, static_cast<std::uint8_t>(spot.base + i)},
                         std::move(hold), change);
  }
  return Draft(change);
}

absl::StatusOr<LeafDraft> KeyTree::Draft(storage::Batch& change) {
  LETHE_ASSIGN(FreeSlot slot, rep_->groups->NextSlot());
  return rep_->DraftAt(slot.place, std::move(slot.hold), change);
}

absl::StatusOr<Secret> KeyTree::Unwrap(const Place& place) const {
  return rep_->keys.Unwrap(place, nullptr);
}

absl::StatusOr<Secret> KeyTree::Unwrap(const Place& place, const WrappedLeaf& carried) const {
  return rep_->keys.Unwrap(place, &carried);
}

absl::StatusOr<ShredOutcome> KeyTree::Shred(ShredRequest request) {
  return rep_->committer->Shred(std::move(request));
}

absl::StatusOr<KeyStatus> KeyTree::Keys() { return rep_->operator_tasks->Keys(); }

absl::Status KeyTree::Rotate(audit::Event event) {
  return rep_->committer->Shred(WithoutLeaves(std::move(event))).status();
}

absl::Status KeyTree::StepHorizon(audit::Event event) {
  return rep_->committer->Shred(WithoutLeaves(std::move(event)), AttemptPlan::Outer::kRenew)
      .status();
}

absl::Status KeyTree::AttestHorizon(const std::string& key_id, audit::Event event) {
  return rep_->operator_tasks->AttestHorizon(key_id, std::move(event));
}

absl::Status KeyTree::RetireHolder(const std::string& name, audit::Event event) {
  return rep_->operator_tasks->RetireHolder(name, std::move(event));
}

absl::Status KeyTree::RejoinHolder(const std::string& name, audit::Event event) {
  return rep_->operator_tasks->RejoinHolder(name, std::move(event));
}

absl::Status KeyTree::CheckWritable() const { return rep_->committer->CheckWritable(); }

absl::Status KeyTree::RecordGap(shredlog::EntryKind kind, std::uint64_t position,
                                const std::array<std::string, 2>& approvers, audit::Event event) {
  const audit::Tags tags(rep_->vault_secret);
  return rep_->operator_tasks->RecordGap(
      kind, position, {tags.OfPrincipal(approvers[0]), tags.OfPrincipal(approvers[1])},
      std::move(event));
}

const crypto::SigningKey& KeyTree::signing_key() const { return *rep_->signing_key; }
const Secret& KeyTree::vault_secret() const { return rep_->vault_secret; }
TreeStatus KeyTree::Status() const { return rep_->committer->Status(); }

}  // namespace lethe::vault::keytree
