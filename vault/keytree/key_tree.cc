#include "vault/keytree/key_tree.h"

#include <optional>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/audit/tags.h"
#include "vault/holders/holder_set.h"
#include "vault/keytree/committer.h"
#include "vault/keytree/groups.h"
#include "vault/keytree/holder_facts.h"
#include "vault/keytree/key_office.h"
#include "vault/keytree/node_keys.h"
#include "vault/keytree/shred_log.h"
#include "vault/keytree/start_up.h"
#include "vault/keytree/wrapped_leaf.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::keytree {
namespace {

// The first leaf of every vault: its own secret, which is never shredded.
constexpr Place kVaultLeaf{0, 0};
// A root page over pages: room for 262,144 leaves before the tree grows for the first time.
constexpr std::uint8_t kFirstLevels = 2;
constexpr std::uint64_t kFirstGeneration = 1;

crypto::SigningKey SigningKeyOf(const Secret& vault_secret) {
  return crypto::SigningKey(crypto::Derivation(vault_secret, "lethe.signing.v1").Finish());
}

class KeyTreeOnJournal final : public KeyTree {
 public:
  KeyTreeOnJournal(const VaultId& vault, Journal& journal, holders::HolderSet holders, Root root,
                   Clock& clock, Random& random)
      : vault_(vault),
        journal_(journal),
        holders_(std::move(holders)),
        keys_(vault, journal.engine(), std::move(root)),
        clock_(clock),
        random_(random) {}

  // The second half of Open: needs the root, ends with everything settled.
  absl::Status Start(const StartUp& start, Books books) {
    LETHE_ASSIGN(vault_secret_, keys_.Unwrap(kVaultLeaf, nullptr));
    signing_key_.emplace(SigningKeyOf(vault_secret_));
    LETHE_ASSIGN(const std::uint64_t first_free, Groups::LoadFirstFree(journal_.engine()));
    LETHE_ASSIGN(const std::uint64_t epoch, SettleHolders(vault_, start, holders_));
    LETHE_ASSIGN(storage::Batch settled, SettleLog(vault_, journal_.engine(), start, clock_.Now(),
                                                   *signing_key_, books.log));
    if (!settled.empty()) {
      LETHE_TRY(journal_
                    .Commit({audit::Event{.method = audit::Method::kShredOutcome}},
                            std::move(settled), storage::Durability::kSynced, storage::Room::kLast)
                    .status());
    }
    books.log.highest_attempt = std::max(books.log.highest_attempt, start.highest_generation);
    return StartCommitter(first_free, epoch, start.someone_silent, std::move(books));
  }

  absl::StatusOr<PersonSpot> ReserveSpot() override { return groups_->NextSpot(); }

  absl::StatusOr<LeafDraft> DraftPersonal(PersonSpot& spot, storage::Batch& change) override {
    for (std::uint8_t i = 0; i < kSlotsPerPerson; ++i) {
      if ((spot.used >> i & 1) != 0) continue;
      auto hold = groups_->TryHold(spot.group);
      if (hold == nullptr) break;  // Being shredded: the leaf goes elsewhere.
      spot.used = static_cast<std::uint8_t>(spot.used | 1u << i);
      return DraftAt(Place{spot.group, static_cast<std::uint8_t>(spot.base + i)}, std::move(hold),
                     change);
    }
    return Draft(change);
  }

  absl::StatusOr<LeafDraft> Draft(storage::Batch& change) override {
    LETHE_ASSIGN(FreeSlot slot, groups_->NextSlot());
    return DraftAt(slot.place, std::move(slot.hold), change);
  }

  absl::StatusOr<Secret> Unwrap(const Place& place) const override {
    return keys_.Unwrap(place, nullptr);
  }
  absl::StatusOr<Secret> Unwrap(const Place& place, const WrappedLeaf& carried) const override {
    return keys_.Unwrap(place, &carried);
  }
  absl::StatusOr<ShredOutcome> Shred(ShredRequest request) override {
    return committer_->Shred(std::move(request));
  }
  absl::StatusOr<KeyStatus> Keys() override { return office_->Keys(); }
  absl::Status Rotate(audit::Event event) override {
    return committer_->Shred(WithoutLeaves(std::move(event))).status();
  }
  absl::Status StepHorizon(audit::Event event) override {
    return committer_->Shred(WithoutLeaves(std::move(event)), Order::Outer::kRenew).status();
  }
  absl::Status AttestHorizon(const std::string& key_id, audit::Event event) override {
    return office_->AttestHorizon(key_id, std::move(event));
  }
  absl::Status RetireHolder(const std::string& name, audit::Event event) override {
    return office_->RetireHolder(name, std::move(event));
  }
  absl::Status RecordGap(std::uint64_t position, const std::array<std::string, 2>& approvers,
                         audit::Event event) override {
    const audit::Tags tags(vault_secret_);
    return office_->RecordGap(position,
                              {tags.OfPrincipal(approvers[0]), tags.OfPrincipal(approvers[1])},
                              std::move(event));
  }
  const crypto::SigningKey& signing_key() const override { return *signing_key_; }
  const Secret& vault_secret() const override { return vault_secret_; }
  TreeStatus Status() const override { return committer_->Status(); }

 private:
  static ShredRequest WithoutLeaves(audit::Event event) {
    return {.leaves = {}, .event = std::move(event), .facts = {}, .on_commit = {}};
  }

  absl::Status StartCommitter(std::uint64_t first_free, std::uint64_t epoch, bool mend,
                              Books books) {
    std::string why;
    const Assurance assurance = holders_.CheckAssurance(&why);
    const CommitterParts parts{.vault = vault_,
                               .journal = journal_,
                               .keys = keys_,
                               .holders = holders_,
                               .signing_key = *signing_key_,
                               .clock = clock_,
                               .random = random_};
    parts_.emplace(parts);
    committer_.emplace(parts, std::move(books), epoch, assurance);
    office_.emplace(*parts_, *committer_);
    groups_.emplace(vault_, journal_, keys_, random_, first_free, [this] { committer_->Grow(); });
    // Which outer parts there are is known from the slots as they stand now.
    const bool lacks = !holders_.ReadAll().empty() && holders_.AnyLacksOuter();
    committer_->Start(*groups_, mend || lacks);
    if (!lacks) return absl::OkStatus();
    // A first outer part is worth waiting for; a service that is silent is asked again later.
    (void)committer_->Shred(WithoutLeaves({.method = audit::Method::kShredPrepared}),
                            Order::Outer::kAddMissing);
    return absl::OkStatus();
  }

  // The hold keeps the group's key what it is until the caller's commit has returned.
  absl::StatusOr<LeafDraft> DraftAt(const Place& place, std::shared_ptr<GroupHold> hold,
                                    storage::Batch& change) {
    LETHE_ASSIGN(const NodeKey group, keys_.KeyOf(NodeSpot(0, place.group)));
    LeafDraft draft{place, Secret::Draw(random_), {}, std::move(hold)};
    draft.wrapped = WrapLeaf(vault_, place, group.generation, group.key, draft.secret);
    change.ExpectAbsent(table::kLeaf, place.Key());
    change.Put(table::kLeaf, place.Key(), EncodeLeafRow(draft.wrapped));
    return draft;
  }

  const VaultId vault_;
  Journal& journal_;
  holders::HolderSet holders_;
  NodeKeys keys_;
  Clock& clock_;
  Random& random_;
  Secret vault_secret_;
  std::optional<crypto::SigningKey> signing_key_;
  std::optional<Groups> groups_;
  std::optional<CommitterParts> parts_;
  std::optional<KeyOffice> office_;
  std::optional<Committer> committer_;  // Dies first: its thread uses all of the above.
};

// The rows of a tree with one page and one leaf.
struct FirstTree {
  holders::SlotContent slot;
  storage::Batch change;
};

FirstTree MakeFirstTree(const VaultId& vault, const std::vector<std::string>& holder_names,
                        Clock& clock, Random& random) {
  FirstTree tree;
  tree.slot = holders::SlotContent{vault, kFirstGeneration, 1, {}, Secret::Draw(random)};
  tree.slot.root_commitment = crypto::Commit(tree.slot.root);
  const NodeId top_id{kFirstLevels, 0, kFirstGeneration};
  const NodeId page_id{1, 0, kFirstGeneration};
  const Page top = NewPage(kFirstGeneration, random);
  const Page page = NewPage(kFirstGeneration, random);
  const std::string top_row = SealPage(vault, top_id, tree.slot.root, top);
  const std::string page_row = SealPage(vault, page_id, top.children[0].key, page);
  tree.change.Put(table::kNode, top_id.Key(), top_row);
  tree.change.Put(table::kNode, page_id.Key(), page_row);

  const Secret vault_secret = Secret::Draw(random);
  tree.change.Put(table::kLeaf, kVaultLeaf.Key(),
                  EncodeLeafRow(WrapLeaf(vault, kVaultLeaf, kFirstGeneration, page.children[0].key,
                                         vault_secret)));
  // The vault's leaf has its chunk to itself, so that no shred re-keys its group.
  Groups::StoreFirstFree(Groups::kChunkGroups, tree.change);

  LogEntry init;
  init.kind = EntryKind::kInit;
  init.time = clock.Now();
  init.attempt = kFirstGeneration;
  init.base_levels = init.levels = kFirstLevels;
  init.root = tree.slot.root_commitment;
  init.nodes = DigestOf({{page_id, page_row}, {top_id, top_row}});
  init.holders = holder_names;
  AppendLogEntry(vault, LogState{}, std::move(init), SigningKeyOf(vault_secret), tree.change);
  return tree;
}

}  // namespace

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
  LETHE_ASSIGN(HolderFacts facts, LoadHolderFacts(journal.engine()));
  std::erase_if(holders, [&](const auto& holder) { return facts.IsRetired(holder->name()); });
  if (holders.empty()) {
    return Refuse(Reason::kLeafLost, "every holder that the vault names is retired");
  }
  holders::HolderSet holder_set(std::move(holders));
  LETHE_ASSIGN(LogState log, LoadLogState(journal.engine()));
  LETHE_ASSIGN(StartUp start, DecideStartUp(vault, journal.engine(), log, holder_set));
  auto tree = std::make_unique<KeyTreeOnJournal>(vault, journal, std::move(holder_set),
                                                 start.root.Clone(), clock, random);
  LETHE_TRY(tree->Start(start, Books{log, std::move(facts)}));
  return tree;
}

}  // namespace lethe::vault::keytree
