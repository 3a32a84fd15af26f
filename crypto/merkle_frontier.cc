#include "crypto/merkle_frontier.h"

#include <bit>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/codec.h"
#include "base/status_macros.h"
#include "crypto/merkle.h"

namespace lethe::crypto {

void MerkleFrontier::Append(const Digest& leaf) {
  LETHE_CHECK(size_ < std::numeric_limits<std::uint64_t>::max());
  // As in adding one to a binary number: each one at the end carries, and two subtrees of a size
  // become one of twice the size.
  Digest carried = leaf;
  for (std::uint64_t bits = size_; bits % 2 == 1; bits /= 2) {
    carried = MerkleNode(subtrees_.back(), carried);
    subtrees_.pop_back();
  }
  subtrees_.push_back(carried);
  ++size_;
}

Digest MerkleFrontier::root() const {
  if (subtrees_.empty()) return Sha256({});
  // The standard splits off the largest perfect subtree on the left and does the same with the
  // rest.
  Digest root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i > 0; --i) root = MerkleNode(subtrees_[i - 1], root);
  return root;
}

std::string MerkleFrontier::Encode() const {
  ByteWriter row;
  row.U64(size_);
  for (const Digest& subtree : subtrees_) row.Raw(Bytes(subtree));
  return row.Take();
}

absl::StatusOr<MerkleFrontier> MerkleFrontier::Decode(Bytes row) {
  ByteReader reader(row);
  MerkleFrontier frontier;
  frontier.size_ = reader.U64();
  for (int i = 0; i < std::popcount(frontier.size_); ++i) {
    const auto subtree = ArrayFrom<sizeof(Digest)>(reader.Raw(sizeof(Digest)));
    if (!subtree.has_value()) break;  // It ran short, which Finish tells.
    frontier.subtrees_.push_back(*subtree);
  }
  LETHE_TRY(reader.Finish());
  return frontier;
}

}  // namespace lethe::crypto
