// Group and page borders, and a tree that grows a level while it is used.

#include "tests/vault/keytree/tree_fixture.h"
#include "vault/keytree/attempt.h"

namespace lethe::test {
namespace {

using vault::Place;
using vault::keytree::NodeId;
using vault::keytree::PathOf;

class TreeGrowthTest : public TreeFixture {
 protected:
  // Gives spots out until the tree has `levels`.
  void GrowTo(int levels) {
    for (int i = 0; i < 50'000 && tree_->Status().levels < levels; ++i) {
      const auto spot = tree_->ReserveSpot();
      if (!spot.ok()) {
        ASSERT_TRUE(absl::IsAborted(spot.status())) << spot.status();
        // Full and growing: any shred waits its turn behind the growth.
        ASSERT_TRUE(tree_->Shred(ShredRequest{}).ok());
      }
    }
    ASSERT_EQ(tree_->Status().levels, levels);
  }
};

TEST_F(TreeGrowthTest, GroupBordersHold) {
  for (const std::size_t count : {63u, 64u, 65u}) {
    TreeAttacker attacker(vault_);
    const auto places = AddMany(count);
    Photograph(attacker);
    const Secret old_root = CurrentRoot();
    ASSERT_TRUE(Shred({places.front(), places.back()}).ok());
    Photograph(attacker);

    EXPECT_EQ(Recovered(attacker, CurrentRoot(), erased_), 0u) << count;
    EXPECT_EQ(Recovered(attacker, CurrentRoot(), living_), living_.size()) << count;
    EXPECT_EQ(Recovered(attacker, old_root, erased_), 2u) << count;
    erased_.clear();
  }
}

TEST_F(TreeGrowthTest, PageBordersHold) {
  const std::size_t page = vault::kFanOut * vault::kSlotsPerGroup;
  TreeAttacker attacker(vault_);
  // The vault's own chunk is the first of the first page.
  const auto places = AddMany(page - 16 * 64 + 2);
  std::vector<Place> border(places.end() - 4, places.end());
  ASSERT_NE(border.front().group / 64, border.back().group / 64);
  Photograph(attacker);
  const Secret old_root = CurrentRoot();

  ASSERT_TRUE(Shred(border).ok());
  Photograph(attacker);

  EXPECT_EQ(Recovered(attacker, CurrentRoot(), erased_), 0u);
  EXPECT_EQ(Recovered(attacker, CurrentRoot(), living_), living_.size());
  EXPECT_EQ(Recovered(attacker, old_root, erased_), 4u);
}

TEST_F(TreeGrowthTest, ATreeOfThreeLevelsShredsAndRestartsLikeOneOfTwo) {
  const auto early = AddMany(70);
  GrowTo(3);
  const auto late = AddMany(70);
  TreeAttacker attacker(vault_);
  Photograph(attacker);
  const Secret old_root = CurrentRoot();
  ASSERT_TRUE(Shred({early[0], early[69], late[0], late[69]}).ok());
  ASSERT_TRUE(Reopen().ok());
  Photograph(attacker);

  EXPECT_EQ(tree_->Status().levels, 3);
  EXPECT_EQ(Recovered(attacker, CurrentRoot(), erased_), 0u);
  EXPECT_EQ(Recovered(attacker, CurrentRoot(), living_), living_.size());
  EXPECT_EQ(Recovered(attacker, old_root, erased_), 4u);
  for (const auto& [place, secret] : living_) EXPECT_TRUE(tree_->Unwrap(place).ok());
}

// Without a second asking every write would be told "growing" until the next start.
TEST_F(TreeGrowthTest, AGrowthThatWasRefusedIsAskedForAgain) {
  absl::StatusOr<PersonSpot> spot = tree_->ReserveSpot();
  disks_[0]->moved = true;
  for (int i = 0; i < 50'000 && spot.ok(); ++i) spot = tree_->ReserveSpot();
  ASSERT_TRUE(absl::IsAborted(spot.status())) << spot.status();
  // Behind the growth that was asked for, and refused like it.
  ASSERT_TRUE(absl::IsUnavailable(tree_->Shred(ShredRequest{}).status()));
  ASSERT_EQ(tree_->Status().levels, 2);

  disks_[0]->moved = false;
  EXPECT_TRUE(absl::IsAborted(tree_->ReserveSpot().status())) << "and this asks";
  ASSERT_TRUE(tree_->Shred(ShredRequest{}).ok());

  EXPECT_EQ(tree_->Status().levels, 3);
  EXPECT_TRUE(tree_->ReserveSpot().ok());
}

TEST_F(TreeGrowthTest, ThePathOfAnAttemptIsItsGroupsAndEveryPageAbove) {
  EXPECT_EQ(
      PathOf({{0, 1}, {1, 1}, {64, 1}}, 2, 2, 9),
      (std::vector<NodeId>{{0, 0, 9}, {0, 1, 9}, {0, 64, 9}, {1, 0, 9}, {1, 1, 9}, {2, 0, 9}}));
  EXPECT_EQ(PathOf({}, 2, 3, 9), (std::vector<NodeId>{{2, 0, 9}, {3, 0, 9}}));
  EXPECT_EQ(PathOf({}, 2, 2, 9), (std::vector<NodeId>{{2, 0, 9}}));
}

}  // namespace
}  // namespace lethe::test
