#include "crypto/merkle.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/crypto/vectors.h"

namespace lethe::crypto {
namespace {

constexpr std::uint64_t kSizesMax = 70;  // Past 64, where the tree gets a level more.

Digest LeafOf(std::uint64_t index) { return MerkleLeaf(AsBytes(std::to_string(index))); }

std::vector<Digest> LeavesOf(std::uint64_t size) {
  std::vector<Digest> leaves;
  for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(LeafOf(i));
  return leaves;
}

// Section 2.1 of RFC 6962 word by word: split at the largest power of two below the size.
Digest RootByDefinition(std::span<const Digest> leaves) {
  if (leaves.size() == 1) return leaves.front();
  std::size_t left = 1;
  while (left * 2 < leaves.size()) left *= 2;
  const Digest a = RootByDefinition(leaves.first(left));
  const Digest b = RootByDefinition(leaves.subspan(left));
  return Sha256Stream().Add(std::string_view("\x01")).Add(Bytes(a)).Add(Bytes(b)).Finish();
}

TEST(MerkleTest, TheRootIsTheOneThatTheStandardDefines) {
  for (std::uint64_t size = 1; size <= kSizesMax; ++size) {
    const std::vector<Digest> leaves = LeavesOf(size);
    EXPECT_EQ(MerkleTree(leaves).root(), RootByDefinition(leaves)) << size;
  }
}

TEST(MerkleTest, EveryPathLeadsToTheRootAndFromNoOtherPlace) {
  for (std::uint64_t size = 1; size <= kSizesMax; ++size) {
    const MerkleTree tree(LeavesOf(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      const std::vector<Digest> path = tree.PathOf(index);
      EXPECT_EQ(MerkleRootOver(LeafOf(index), index, size, path), tree.root());
      for (std::uint64_t other = 0; other < size + 2; ++other) {
        if (other == index) continue;
        EXPECT_NE(MerkleRootOver(LeafOf(index), other, size, path), tree.root());
        EXPECT_NE(MerkleRootOver(LeafOf(other), index, size, path), tree.root());
      }
    }
  }
}

TEST(MerkleTest, APathThatIsTooShortOrTooLongIsNone) {
  const MerkleTree tree(LeavesOf(7));
  std::vector<Digest> path = tree.PathOf(3);
  path.push_back(Digest{});
  EXPECT_EQ(MerkleRootOver(LeafOf(3), 3, 7, path), std::nullopt);
  path.pop_back();
  ASSERT_TRUE(MerkleRootOver(LeafOf(3), 3, 7, path).has_value()) << "the control";
  path.pop_back();
  EXPECT_EQ(MerkleRootOver(LeafOf(3), 3, 7, path), std::nullopt);
  EXPECT_EQ(MerkleRootOver(LeafOf(0), 0, 0, {}), std::nullopt);
}

TEST(MerkleTest, InclusionVectorsOfTransparencyDev) {
  const auto cases = MerkleInclusion();
  if (!cases.has_value()) GTEST_SKIP() << "no vectors under " LETHE_VECTORS_DIR;
  int refused = 0;
  for (const MerkleCase& one : *cases) {
    const auto root = ArrayFrom<32>(AsBytes(one.root));
    const auto leaf = ArrayFrom<32>(AsBytes(one.leaf));
    bool valid = root.has_value() && leaf.has_value();
    std::vector<Digest> path;
    for (const std::string& node : one.path) {
      const auto digest = ArrayFrom<32>(AsBytes(node));
      valid = valid && digest.has_value();
      if (valid) path.push_back(*digest);
    }
    valid = valid && MerkleRootOver(*leaf, one.index, one.size, path) == root;
    EXPECT_EQ(valid, one.valid) << one.id;
    refused += one.valid ? 0 : 1;
  }
  EXPECT_GE(cases->size(), 90u);
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace lethe::crypto
