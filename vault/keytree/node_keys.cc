#include "vault/keytree/node_keys.h"

#include <optional>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/keytree/wrapped_leaf.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::keytree {
namespace {

absl::Status NoSuchLeaf() {
  return Refuse(Reason::kResourceNotFound, "the secret was shredded or never existed");
}

// Is the group one of those under a root page at this level?
bool LiesUnder(int levels, std::uint64_t group) {
  for (int level = 0; level < levels; ++level) group /= kFanOut;
  return group == 0;
}

}  // namespace

NodeKeys::NodeKeys(const VaultId& vault, const storage::Engine& engine, Root root)
    : vault_(vault), engine_(engine), root_(std::move(root)) {}

bool NodeKeys::Reaches(const Place& place) const {
  absl::ReaderMutexLock lock(&mutex_);
  return place.slot < kSlotsPerGroup && LiesUnder(root_.levels, place.group);
}

absl::StatusOr<NodeKey> NodeKeys::KeyOf(NodeSpot spot) const {
  absl::ReaderMutexLock lock(&mutex_);
  return KeyOfLocked(spot);
}

absl::StatusOr<NodeKey> NodeKeys::KeyOfLocked(NodeSpot spot) const {
  const auto [level, index] = spot;
  LETHE_CHECK(level <= root_.levels);
  if (level == root_.levels) {
    LETHE_CHECK(index == 0);
    return NodeKey{root_.generation, root_.key.Clone()};
  }
  {
    absl::ReaderMutexLock lock(&remembered_mutex_);
    if (const auto found = remembered_.find(spot); found != remembered_.end()) {
      return found->second.Clone();
    }
  }
  const NodeSpot above(static_cast<std::uint8_t>(level + 1), index / kFanOut);
  LETHE_ASSIGN(const NodeKey parent, KeyOfLocked(above));
  const NodeId parent_id{above.first, above.second, parent.generation};
  const auto row = engine_.Get(table::kNode, parent_id.Key());
  if (!row.ok()) return Refuse(Reason::kLeafLost, "a page of the key tree is missing");
  LETHE_ASSIGN(NodeKey key,
               OpenChild(vault_, parent_id, parent.key, AsBytes(*row), index % kFanOut));
  Remember(spot, key);
  return key;
}

void NodeKeys::Remember(NodeSpot spot, const NodeKey& key) const {
  absl::MutexLock lock(&remembered_mutex_);
  // A flat_hash_map iterates in no order that follows from use, so dropping its first few is as
  // good as dropping at random.
  if (remembered_.size() >= kRememberedMax) {
    for (int i = 0; i < 64; ++i) remembered_.erase(remembered_.begin());
  }
  remembered_.insert_or_assign(spot, key.Clone());
}

absl::StatusOr<Secret> NodeKeys::Unwrap(const Place& place, const WrappedLeaf* carried) const {
  // Held to the end: a Switch in between could delete the row this key opens.
  absl::ReaderMutexLock lock(&mutex_);
  return UnwrapLocked(place, carried);
}

absl::StatusOr<Secret> NodeKeys::UnwrapLocked(const Place& place,
                                              const WrappedLeaf* carried) const {
  if (place.slot >= kSlotsPerGroup || !LiesUnder(root_.levels, place.group)) return NoSuchLeaf();
  if (!dying_.empty() && dying_.contains(place)) return NoSuchLeaf();
  LETHE_ASSIGN(const NodeKey group, KeyOfLocked(NodeSpot(0, place.group)));
  if (carried != nullptr && carried->generation == group.generation) {
    return UnwrapLeaf(vault_, place, *carried, group.key);
  }
  if (const auto row = engine_.Get(table::kLeaf, place.Key()); row.ok()) {
    LETHE_ASSIGN(const WrappedLeaf leaf, DecodeLeafRow(AsBytes(*row)));
    // A row of an older generation is superseded: hygiene has not come by yet.
    if (leaf.generation == group.generation) return UnwrapLeaf(vault_, place, leaf, group.key);
  } else if (!absl::IsNotFound(row.status())) {
    return row.status();
  }
  const NodeId id{0, place.group, group.generation};
  const auto row = engine_.Get(table::kNode, id.Key());
  if (absl::IsNotFound(row.status())) return NoSuchLeaf();
  LETHE_TRY(row.status());
  LETHE_ASSIGN(Secret secret, OpenLeafOfGroup(vault_, id, group.key, AsBytes(*row), place.slot));
  if (secret.empty()) return NoSuchLeaf();
  return secret;
}

void NodeKeys::MarkDying(const std::vector<Place>& leaves) {
  absl::MutexLock lock(&mutex_);
  dying_.insert(leaves.begin(), leaves.end());
}

void NodeKeys::Revive(const std::vector<Place>& leaves) {
  absl::MutexLock lock(&mutex_);
  for (const Place& leaf : leaves) dying_.erase(leaf);
}

void NodeKeys::Switch(Root root, const std::vector<NodeSpot>& rekeyed,
                      const std::vector<Place>& dead) {
  absl::MutexLock lock(&mutex_);
  root_ = std::move(root);
  for (const Place& leaf : dead) dying_.erase(leaf);
  absl::MutexLock remembered_lock(&remembered_mutex_);
  for (const NodeSpot& spot : rekeyed) remembered_.erase(spot);
}

Root NodeKeys::CurrentRoot() const {
  absl::ReaderMutexLock lock(&mutex_);
  return root_.Clone();
}

std::uint64_t NodeKeys::generation() const {
  absl::ReaderMutexLock lock(&mutex_);
  return root_.generation;
}

int NodeKeys::levels() const {
  absl::ReaderMutexLock lock(&mutex_);
  return root_.levels;
}

}  // namespace lethe::vault::keytree
