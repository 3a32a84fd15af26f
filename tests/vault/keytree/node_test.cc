#include "vault/keytree/node.h"

#include "base/reason.h"
#include "gtest/gtest.h"

namespace lethe::vault::keytree {
namespace {

class NodeTest : public ::testing::Test {
 protected:
  Group GroupWith(std::initializer_list<int> slots) {
    Group group;
    for (const int slot : slots) group.leaves[slot] = Secret::Draw(random_);
    return group;
  }

  SystemRandom random_;
  const VaultId vault_ = VaultId::Draw(random_);
  const Secret key_ = Secret::Draw(random_);
  const NodeId id_{1, 7, 3};
};

TEST_F(NodeTest, APageGivesItsChildrenBackWholeAndOneByOne) {
  const KeyPage page = NewKeyPage(5, random_);
  const std::string row = SealKeyPage(vault_, id_, key_, page);

  const auto opened = OpenKeyPage(vault_, id_, key_, AsBytes(row));

  ASSERT_TRUE(opened.ok()) << opened.status();
  for (std::uint64_t i = 0; i < kFanOut; ++i) {
    EXPECT_EQ(opened->children[i].generation, 5u);
    EXPECT_TRUE(opened->children[i].key.Equals(page.children[i].key));
    const auto child = OpenChild(vault_, id_, key_, AsBytes(row), i);
    ASSERT_TRUE(child.ok());
    EXPECT_TRUE(child->key.Equals(page.children[i].key));
  }
}

TEST_F(NodeTest, AGroupGivesBackExactlyTheLeavesItHolds) {
  const NodeId id{0, 9, 2};
  for (const auto& slots : {std::initializer_list<int>{}, {0}, {63}, {0, 1, 31, 32, 62, 63}}) {
    const Group group = GroupWith(slots);
    const std::string row = SealGroup(vault_, id, key_, group);
    for (std::uint8_t slot = 0; slot < kSlotsPerGroup; ++slot) {
      const auto leaf = OpenLeafOfGroup(vault_, id, key_, AsBytes(row), slot);
      ASSERT_TRUE(leaf.ok());
      ASSERT_EQ(leaf->empty(), group.leaves[slot].empty());
      if (leaf->empty()) continue;
      EXPECT_TRUE(leaf->Equals(group.leaves[slot]));
    }
  }
}

TEST_F(NodeTest, NoNodeExceedsEightKiB) {
  Group full;
  for (Secret& leaf : full.leaves) leaf = Secret::Draw(random_);
  EXPECT_LE(SealGroup(vault_, id_, key_, full).size(), 8u << 10);
  EXPECT_LE(SealKeyPage(vault_, id_, key_, NewKeyPage(1, random_)).size(), 8u << 10);
}

TEST_F(NodeTest, EveryFlippedBitAndEveryTruncationIsRefused) {
  const NodeId id{0, 9, 2};
  const std::string row = SealGroup(vault_, id, key_, GroupWith({1, 2}));
  for (std::size_t bit = 0; bit < row.size() * 8; ++bit) {
    std::string altered = row;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ 1 << bit % 8);
    EXPECT_FALSE(OpenGroup(vault_, id, key_, AsBytes(altered)).ok()) << "bit " << bit;
  }
  for (std::size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(OpenGroup(vault_, id, key_, AsBytes(row.substr(0, size))).ok()) << size;
  }
}

TEST_F(NodeTest, ANodeOpensOnlyAtItsOwnPlaceGenerationAndVault) {
  const std::string row = SealKeyPage(vault_, id_, key_, NewKeyPage(1, random_));
  const auto opens = [&](const VaultId& vault, const NodeId& id) {
    return OpenKeyPage(vault, id, key_, AsBytes(row)).ok();
  };
  EXPECT_TRUE(opens(vault_, id_));
  EXPECT_FALSE(opens(vault_, {2, 7, 3}));
  EXPECT_FALSE(opens(vault_, {1, 8, 3}));
  EXPECT_FALSE(opens(vault_, {1, 7, 4}));
  EXPECT_FALSE(opens(VaultId::Draw(random_), id_));
}

TEST_F(NodeTest, AnUnknownFormatIsNamedAsSuch) {
  std::string row = SealKeyPage(vault_, id_, key_, NewKeyPage(1, random_));
  row[0] = 2;
  EXPECT_EQ(ReasonOf(OpenKeyPage(vault_, id_, key_, AsBytes(row)).status()),
            Reason::kUnsupportedFormat);
}

}  // namespace
}  // namespace lethe::vault::keytree
