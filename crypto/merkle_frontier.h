// The right edge of a growing Merkle tree (RFC 6962, section 2.1): all that must be kept of a list
// of any length to append to it and to know its root.
//
// The leaves fall from the left into the largest perfect subtrees that there is room for, one for
// each bit set in their number: 13 leaves into one of 8, one of 4 and one of 1. The frontier is the
// roots of these, and the whole tree's root follows from them alone.
//
//   row := size (U64), then a digest (32 bytes) for each bit set in it, the largest subtree first
#ifndef LETHE_CRYPTO_MERKLE_FRONTIER_H_
#define LETHE_CRYPTO_MERKLE_FRONTIER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/hash.h"

namespace lethe::crypto {

// A value: copies go separate ways. At most 64 digests, however many leaves.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;  // Of the empty list.

  // `leaf` is MerkleLeaf of the entry. Hashes once per append on average, at most 63 times.
  void Append(const Digest& leaf);

  // How many leaves were appended.
  std::uint64_t size() const { return size_; }
  // The tree's root (MTH in the standard) over all leaves up to now; of none, SHA-256 of nothing.
  Digest root() const;

  std::string Encode() const;
  // DATA_LOSS: not as many digests as the size has bits set. That they are the right ones only a
  // root from elsewhere can tell.
  static absl::StatusOr<MerkleFrontier> Decode(Bytes row);

  bool operator==(const MerkleFrontier&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> subtrees_;  // The largest, which is the leftmost, first.
};

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_MERKLE_FRONTIER_H_
