// The Merkle tree of RFC 6962, section 2.1: SHA-256, 0x00 before a leaf's bytes and 0x01 before two
// nodes', so that no leaf passes for a node. One hash stands for a whole list, and a short path
// shows that an entry is in it.
#ifndef LETHE_CRYPTO_MERKLE_H_
#define LETHE_CRYPTO_MERKLE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "crypto/hash.h"

namespace lethe::crypto {

Digest MerkleLeaf(Bytes entry);
// The node above two: of leaves, or of nodes.
Digest MerkleNode(const Digest& left, const Digest& right);

// The tree over a list of leaves, whole in memory.
class MerkleTree {
 public:
  // At least one (checked).
  explicit MerkleTree(std::vector<Digest> leaves);

  std::uint64_t size() const { return levels_.front().size(); }
  const Digest& root() const { return levels_.back().front(); }
  // The siblings on the way from leaf `index` (< size, checked) to the root.
  std::vector<Digest> PathOf(std::uint64_t index) const;

 private:
  std::vector<std::vector<Digest>>
      levels_;  // The leaves first; an odd last node moves up as it is.
};

// The root that `path` leads to from leaf `index` of `size` (RFC 9162, section 2.1.3.2); nullopt:
// no path of that place is so long or so short.
std::optional<Digest> MerkleRootOver(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                     std::span<const Digest> path);

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_MERKLE_H_
