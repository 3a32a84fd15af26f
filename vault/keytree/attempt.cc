#include "vault/keytree/attempt.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/keytree/wrapped_leaf.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::keytree {
namespace {

// Builds one attempt, from the groups up.
class Builder {
 public:
  Builder(const VaultId& vault, const storage::Engine& engine, const NodeKeys& keys,
          std::uint64_t generation, Random& random)
      : vault_(vault), engine_(engine), keys_(keys), generation_(generation), random_(random) {}

  absl::StatusOr<Attempt> Build(const std::vector<shredlog::GroupLeaves>& leaves, bool grow) {
    attempt_.base = keys_.CurrentRoot();
    attempt_.root = Root{generation_, attempt_.base.levels + (grow ? 1 : 0), Secret::Draw(random_)};
    for (const shredlog::GroupLeaves& group : leaves) LETHE_TRY(RekeyGroup(group));
    if (grow) Touch(NodeSpot(static_cast<std::uint8_t>(attempt_.base.levels), 0));
    for (int level = 1; level <= attempt_.root.levels; ++level) {
      LETHE_TRY(RekeyLevel(static_cast<std::uint8_t>(level)));
    }
    return std::move(attempt_);
  }

 private:
  // A node that gets a new row; its fresh key waits here for its parent.
  void Touch(NodeSpot spot) { fresh_.try_emplace(spot, Secret()); }

  absl::Status RekeyGroup(const shredlog::GroupLeaves& dying) {
    LETHE_ASSIGN(const NodeKey old_key, keys_.KeyOf(NodeSpot(0, dying.group)));
    LETHE_ASSIGN(Group group, ReadGroup(dying.group, old_key));
    for (std::uint8_t slot = 0; slot < kSlotsPerGroup; ++slot) {
      Secret& leaf = group.leaves[slot];
      if ((dying.slots >> slot & 1) == 0 || leaf.empty()) continue;
      attempt_.died[Place{dying.group, slot}] = crypto::Commit(leaf);
      leaf = Secret();
    }
    const NodeId id{0, dying.group, generation_};
    Secret key = Secret::Draw(random_);
    std::string row = SealGroup(vault_, id, key, group);
    Emit(id, std::move(row), std::move(key));
    return absl::OkStatus();
  }

  // Everything that lives in the group: the row of its last re-keying and the leaves added since.
  absl::StatusOr<Group> ReadGroup(std::uint64_t index, const NodeKey& key) {
    Group group;
    const NodeId id{0, index, key.generation};
    const auto row = engine_.Get(table::kNode, id.Key());
    if (row.ok()) {
      LETHE_ASSIGN(group, OpenGroup(vault_, id, key.key, AsBytes(*row)));
      attempt_.superseded_nodes.push_back(id.Key());
    } else if (!absl::IsNotFound(row.status())) {
      return row.status();
    }
    LETHE_ASSIGN(const auto leaves,
                 engine_.Scan(table::kLeaf, {.prefix = ByteWriter().U64(index).Take(), .after = {}},
                              kSlotsPerGroup));
    for (const storage::Row& leaf : leaves) {
      ByteReader in(leaf.key);
      const Place place = Place::Read(in);
      LETHE_ASSIGN(const WrappedLeaf wrapped, DecodeLeafRow(AsBytes(leaf.value)));
      attempt_.superseded_leaves.push_back(leaf.key);
      if (wrapped.generation != key.generation) continue;  // Superseded before.
      LETHE_ASSIGN(group.leaves[place.slot], UnwrapLeaf(vault_, place, wrapped, key.key));
    }
    return group;
  }

  absl::Status RekeyLevel(std::uint8_t level) {
    const bool is_root = level == attempt_.root.levels;
    if (is_root) Touch(NodeSpot(level, 0));
    const auto begin = fresh_.lower_bound(NodeSpot(level, 0));
    std::vector<NodeSpot> spots;
    for (auto at = begin; at != fresh_.end() && at->first.first == level; ++at) {
      spots.push_back(at->first);
    }
    for (const NodeSpot& spot : spots) {
      LETHE_ASSIGN(KeyPage page, ReadKeyPage(spot));
      AdoptChildren(spot, page);
      const NodeId id{spot.first, spot.second, generation_};
      Secret key = is_root ? attempt_.root.key.Clone() : Secret::Draw(random_);
      std::string row = SealKeyPage(vault_, id, key, page);
      Emit(id, std::move(row), std::move(key));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<KeyPage> ReadKeyPage(NodeSpot spot) {
    // The level that growing adds: its other children are born unborn, like any page's.
    if (spot.first > attempt_.base.levels) return NewKeyPage(generation_, random_);
    LETHE_ASSIGN(const NodeKey key, keys_.KeyOf(spot));
    const NodeId id{spot.first, spot.second, key.generation};
    const auto row = engine_.Get(table::kNode, id.Key());
    if (!row.ok()) return Refuse(Reason::kLeafLost, "a page of the key tree is missing");
    attempt_.superseded_nodes.push_back(id.Key());
    return OpenKeyPage(vault_, id, key.key, AsBytes(*row));
  }

  void AdoptChildren(NodeSpot spot, KeyPage& page) {
    const NodeSpot first(static_cast<std::uint8_t>(spot.first - 1), spot.second * kFanOut);
    for (auto at = fresh_.lower_bound(first);
         at != fresh_.end() && at->first.first == first.first &&
         at->first.second < first.second + kFanOut;
         ++at) {
      page.children[at->first.second % kFanOut] = NodeKey{generation_, std::move(at->second)};
    }
  }

  void Emit(const NodeId& id, std::string row, Secret key) {
    const NodeSpot spot(id.level, id.index);
    attempt_.nodes.push_back({id, std::move(row)});
    attempt_.rekeyed.push_back(spot);
    fresh_[spot] = std::move(key);
    if (id.level < attempt_.root.levels) {
      Touch(NodeSpot(static_cast<std::uint8_t>(id.level + 1), id.index / kFanOut));
    }
  }

  const VaultId vault_;
  const storage::Engine& engine_;
  const NodeKeys& keys_;
  const std::uint64_t generation_;
  Random& random_;
  Attempt attempt_;
  std::map<NodeSpot, Secret> fresh_;
};

}  // namespace

std::vector<shredlog::GroupLeaves> ByGroup(const std::vector<Place>& leaves) {
  std::map<std::uint64_t, std::uint64_t> groups;
  for (const Place& leaf : leaves) groups[leaf.group] |= std::uint64_t{1} << leaf.slot;
  std::vector<shredlog::GroupLeaves> out;
  out.reserve(groups.size());
  for (const auto& [group, slots] : groups) out.push_back({group, slots});
  return out;
}

std::vector<NodeId> PathOf(const std::vector<shredlog::GroupLeaves>& groups, int base_levels,
                           int levels, std::uint64_t generation) {
  std::vector<NodeId> path;
  std::set<std::uint64_t> indexes;
  for (const shredlog::GroupLeaves& group : groups) indexes.insert(group.group);
  for (int level = 0; level <= levels; ++level) {
    if (level == levels || (levels > base_levels && level == base_levels)) indexes.insert(0);
    std::set<std::uint64_t> above;
    for (const std::uint64_t index : indexes) {
      path.push_back(NodeId{static_cast<std::uint8_t>(level), index, generation});
      above.insert(index / kFanOut);
    }
    indexes = std::move(above);
  }
  return path;
}

absl::StatusOr<Attempt> BuildAttempt(const VaultId& vault, const storage::Engine& engine,
                                     const NodeKeys& keys,
                                     const std::vector<shredlog::GroupLeaves>& leaves,
                                     std::uint64_t generation, bool grow, Random& random) {
  return Builder(vault, engine, keys, generation, random).Build(leaves, grow);
}

storage::Batch PendingBatch(const Attempt& attempt, std::vector<storage::Batch> on_commit) {
  storage::Batch batch;
  for (storage::Batch& change : on_commit) batch.Append(std::move(change));
  for (const std::string& key : attempt.superseded_nodes) batch.Delete(table::kNode, key);
  for (const std::string& key : attempt.superseded_leaves) batch.Delete(table::kLeaf, key);
  batch.Delete(table::kPending, row_key::Sequence(attempt.root.generation));
  return batch;
}

crypto::Digest DigestOf(const std::vector<NodeRow>& nodes) {
  crypto::Sha256Stream stream;
  for (const NodeRow& node : nodes) stream.Add(node.id.Key()).Add(node.row);
  return stream.Finish();
}

absl::Status AuthenticatePath(
    const VaultId& vault, const Root& root, const std::vector<NodeId>& path,
    const std::function<absl::StatusOr<std::string>(const NodeId&)>& row_of) {
  std::map<NodeSpot, NodeKey> keys;
  keys[NodeSpot(static_cast<std::uint8_t>(root.levels), 0)] =
      NodeKey{root.generation, root.key.Clone()};
  for (auto id = path.rbegin(); id != path.rend(); ++id) {
    const auto key = keys.find(NodeSpot(id->level, id->index));
    if (key == keys.end() || key->second.generation != id->generation) {
      return Refuse(Reason::kDecryptFailed, "a node of the attempt is not named by its parent");
    }
    LETHE_ASSIGN(const std::string row, row_of(*id));
    if (id->level == 0) {
      LETHE_TRY(OpenGroup(vault, *id, key->second.key, AsBytes(row)).status());
      continue;
    }
    LETHE_ASSIGN(KeyPage page, OpenKeyPage(vault, *id, key->second.key, AsBytes(row)));
    for (std::size_t i = 0; i < kFanOut; ++i) {
      if (page.children[i].generation != root.generation) continue;
      keys[NodeSpot(static_cast<std::uint8_t>(id->level - 1), id->index * kFanOut + i)] =
          std::move(page.children[i]);
    }
  }
  return absl::OkStatus();
}

}  // namespace lethe::vault::keytree
