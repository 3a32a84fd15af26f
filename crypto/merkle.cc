#include "crypto/merkle.h"

#include <utility>

#include "base/check.h"

namespace lethe::crypto {
namespace {

constexpr std::uint8_t kLeafPrefix[] = {0x00};
constexpr std::uint8_t kNodePrefix[] = {0x01};

}  // namespace

Digest MerkleLeaf(Bytes entry) {
  return Sha256Stream().Add(Bytes(kLeafPrefix)).Add(entry).Finish();
}

Digest MerkleNode(const Digest& left, const Digest& right) {
  return Sha256Stream().Add(Bytes(kNodePrefix)).Add(Bytes(left)).Add(Bytes(right)).Finish();
}

MerkleTree::MerkleTree(std::vector<Digest> leaves) {
  LETHE_CHECK(!leaves.empty());
  levels_.push_back(std::move(leaves));
  while (levels_.back().size() > 1) {
    const std::vector<Digest>& below = levels_.back();
    std::vector<Digest> level;
    for (std::size_t i = 0; i + 1 < below.size(); i += 2) {
      level.push_back(MerkleNode(below[i], below[i + 1]));
    }
    if (below.size() % 2 == 1) level.push_back(below.back());
    levels_.push_back(std::move(level));
  }
}

std::vector<Digest> MerkleTree::PathOf(std::uint64_t index) const {
  LETHE_CHECK(index < size());
  std::vector<Digest> path;
  for (const std::vector<Digest>& level : levels_) {
    const std::uint64_t sibling = index ^ 1;
    if (sibling < level.size()) path.push_back(level[sibling]);
    index /= 2;
  }
  return path;
}

std::optional<Digest> MerkleRootOver(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                     std::span<const Digest> path) {
  if (index >= size) return std::nullopt;
  Digest root = leaf;
  std::uint64_t last = size - 1;  // The last node of the level.
  for (const Digest& sibling : path) {
    // The path goes on above the root.
    if (last == 0) return std::nullopt;
    if (index % 2 == 1 || index == last) {
      root = MerkleNode(sibling, root);
      // A last node without a right neighbour moves up as it is, until it is one itself.
      while (index % 2 == 0 && index != 0) {
        index /= 2;
        last /= 2;
      }
    } else {
      root = MerkleNode(root, sibling);
    }
    index /= 2;
    last /= 2;
  }
  if (last != 0) return std::nullopt;
  return root;
}

}  // namespace lethe::crypto
