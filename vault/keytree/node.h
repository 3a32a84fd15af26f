// The nodes of the key tree: groups (level 0) hold leaves, key pages (level 1 and up) hold the keys
// of 64 nodes below. A node is sealed whole under its own key, which stands in its parent, up to
// the root page, whose key is the root.
//
// Row in table kNode, key level8 | index64 | generation64:
//   U8 format | commitment 32 (crypto::Commit of the node's key) | sealed
//   sealed     = AES-256-GCM(node key, body,
//                AAD = "lethe.node.v1" | vault | level8 | index64 | generation64)
//   page body:   64 x (generation64 | key 32)                   2,560 bytes
//   group body:  bitmap64 | 32 bytes for each set bit, in order  at most 2,056 bytes
//
// Nodes are copy-on-write: a re-keyed node is a new row under a fresh generation.
#ifndef LETHE_VAULT_KEYTREE_NODE_H_
#define LETHE_VAULT_KEYTREE_NODE_H_

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "vault/keytree/place.h"

namespace lethe::vault::keytree {

struct NodeId {
  std::uint8_t level = 0;
  std::uint64_t index = 0;
  std::uint64_t generation = 0;

  std::string Key() const;
  friend auto operator<=>(const NodeId&, const NodeId&) = default;
};

// The key of a node and the generation of the row it opens.
struct NodeKey {
  std::uint64_t generation = 0;
  Secret key;

  NodeKey Clone() const { return {generation, key.Clone()}; }
};

struct KeyPage {
  std::array<NodeKey, kFanOut> children;
};

struct Group {
  std::array<Secret, kSlotsPerGroup> leaves;  // Empty where no leaf lives.
};

// A page whose children are all freshly drawn and unborn: no row stands for them yet.
KeyPage NewKeyPage(std::uint64_t generation, Random& random);

std::string SealKeyPage(const VaultId& vault, const NodeId& id, const Secret& key,
                        const KeyPage& page);
std::string SealGroup(const VaultId& vault, const NodeId& id, const Secret& key,
                      const Group& group);

// DATA_LOSS: altered, another node's, or sealed under another key. kUnsupportedFormat.
absl::StatusOr<KeyPage> OpenKeyPage(const VaultId& vault, const NodeId& id, const Secret& key,
                                    Bytes row);
absl::StatusOr<Group> OpenGroup(const VaultId& vault, const NodeId& id, const Secret& key,
                                Bytes row);
// One child or leaf only, so that a read does not fill the arena with 64 keys.
absl::StatusOr<NodeKey> OpenChild(const VaultId& vault, const NodeId& id, const Secret& key,
                                  Bytes row, std::uint64_t child);
// Empty Secret: no leaf lives in that slot.
absl::StatusOr<Secret> OpenLeafOfGroup(const VaultId& vault, const NodeId& id, const Secret& key,
                                       Bytes row, std::uint8_t slot);

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_NODE_H_
