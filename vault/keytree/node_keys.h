// The keys of the tree as it stands: resolves any node's key from the root down, and remembers the
// ones in use. A shred's last step replaces the root here in one move.
#ifndef LETHE_VAULT_KEYTREE_NODE_KEYS_H_
#define LETHE_VAULT_KEYTREE_NODE_KEYS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/engine.h"
#include "vault/keytree/leaf.h"
#include "vault/keytree/node.h"

namespace lethe::vault::keytree {

// Where the tree begins.
struct Root {
  std::uint64_t generation = 0;
  int levels = 0;  // The root page stands at this level.
  Secret key;

  Root Clone() const { return {generation, levels, key.Clone()}; }
};

// A node without its generation.
using NodeSpot = std::pair<std::uint8_t, std::uint64_t>;

// Thread-safe. Readers never wait for a shred, only for the move that ends it.
class NodeKeys {
 public:
  // Remembered node keys; 32 arena bytes each. More than any working set of one machine so far, and
  // an eighth of the smallest arena.
  static constexpr std::size_t kRememberedMax = 32'768;

  NodeKeys(const VaultId& vault, const storage::Engine& engine, Root root);

  // Could a leaf stand there? Rows name places, and a damaged row can name any.
  bool Reaches(const Place& place) const;

  // The key of a node at level 0 ... levels. DATA_LOSS: a page on the way is missing or broken.
  absl::StatusOr<NodeKey> KeyOf(NodeSpot spot) const;

  // The secret at `place`; `carried` may be null. NOT_FOUND: no such leaf, or it is dying.
  absl::StatusOr<Secret> Unwrap(const Place& place, const WrappedLeaf* carried) const;

  // From here on reads of these leaves fail; Revive takes it back when nothing was written.
  void MarkDying(const std::vector<Place>& leaves);
  void Revive(const std::vector<Place>& leaves);

  // Makes `root` the tree's and forgets the keys of what was re-keyed. The old root is wiped. The
  // `dead` need no mark any more: their group's new row does not have them.
  void Switch(Root root, const std::vector<NodeSpot>& rekeyed, const std::vector<Place>& dead);

  Root CurrentRoot() const;
  std::uint64_t generation() const;
  int levels() const;

 private:
  absl::StatusOr<NodeKey> KeyOfLocked(NodeSpot spot) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Secret> UnwrapLocked(const Place& place, const WrappedLeaf* carried) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Remember(NodeSpot spot, const NodeKey& key) const ABSL_LOCKS_EXCLUDED(remembered_mutex_);

  const VaultId vault_;
  const storage::Engine& engine_;
  mutable absl::Mutex mutex_;
  Root root_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<Place> dying_ ABSL_GUARDED_BY(mutex_);
  mutable absl::Mutex remembered_mutex_;  // After mutex_.
  mutable absl::flat_hash_map<NodeSpot, NodeKey> remembered_ ABSL_GUARDED_BY(remembered_mutex_);
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_NODE_KEYS_H_
