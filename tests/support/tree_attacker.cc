#include "tests/support/tree_attacker.h"

#include <deque>

#include "base/check.h"
#include "base/codec.h"
#include "crypto/kdf.h"
#include "vault/keytree/wrapped_leaf.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

using vault::Place;
using vault::keytree::NodeId;

NodeId ReadNodeId(const std::string& key) {
  ByteReader in(key);
  const std::uint8_t level = in.U8();
  const std::uint64_t index = in.U64();
  return NodeId{level, index, in.U64()};
}

void AddTable(const storage::Reader& image, storage::TableId table,
              std::set<std::pair<std::string, std::string>>& out) {
  std::string after;
  while (true) {
    const auto rows = image.Scan(table, {.prefix = {}, .after = after}, 1'000);
    LETHE_CHECK(rows.ok());
    for (const storage::Row& row : *rows) out.emplace(row.key, row.value);
    if (rows->size() < 1'000) return;
    after = rows->back().key;
  }
}

}  // namespace

void TreeAttacker::AddImage(const storage::Reader& image) {
  AddTable(image, vault::table::kNode, nodes_);
  AddTable(image, vault::table::kLeaf, leaves_);
}

std::map<Place, std::set<std::string>> TreeAttacker::OpenAll(const Secret& root) const {
  // A node row says which key it wants: its commitment. So each key found is tried exactly there.
  std::multimap<std::string, const std::pair<std::string, std::string>*> by_commitment;
  for (const auto& node : nodes_) by_commitment.emplace(node.second.substr(1, 32), &node);

  std::map<Place, std::set<std::string>> found;
  std::multimap<std::uint64_t, Secret> group_keys;
  std::set<std::string> seen;
  std::deque<Secret> keys;
  keys.push_back(root.Clone());
  while (!keys.empty()) {
    const Secret key = std::move(keys.front());
    keys.pop_front();
    const std::string commitment(AsText(crypto::Commit(key)));
    if (!seen.insert(commitment).second) continue;
    const auto [begin, end] = by_commitment.equal_range(commitment);
    for (auto row = begin; row != end; ++row) {
      const NodeId id = ReadNodeId(row->second->first);
      const Bytes bytes = AsBytes(row->second->second);
      if (id.level == 0) {
        auto group = vault::keytree::OpenGroup(vault_, id, key, bytes);
        if (!group.ok()) continue;
        for (std::uint8_t slot = 0; slot < vault::kSlotsPerGroup; ++slot) {
          const Secret& leaf = group->leaves[slot];
          if (!leaf.empty()) found[Place{id.index, slot}].emplace(AsText(leaf.Reveal()));
        }
        continue;
      }
      auto page = vault::keytree::OpenKeyPage(vault_, id, key, bytes);
      if (!page.ok()) continue;
      for (std::uint64_t i = 0; i < vault::kFanOut; ++i) {
        if (id.level == 1) {
          group_keys.emplace(id.index * vault::kFanOut + i, page->children[i].key.Clone());
        }
        keys.push_back(std::move(page->children[i].key));
      }
    }
  }
  for (const auto& [key, value] : leaves_) {
    ByteReader in(key);
    const Place place = Place::Read(in);
    const auto wrapped = vault::keytree::DecodeLeafRow(AsBytes(value));
    if (!wrapped.ok()) continue;
    const auto [begin, end] = group_keys.equal_range(place.group);
    for (auto group_key = begin; group_key != end; ++group_key) {
      const auto secret = vault::keytree::UnwrapLeaf(vault_, place, *wrapped, group_key->second);
      if (secret.ok()) found[place].emplace(AsText(secret->Reveal()));
    }
  }
  return found;
}

}  // namespace lethe::test
