// Copies of every file after every commit, and the root that is left: opens nothing that died and
// everything that lives. The same code with the root of before opens the dead: the control without
// which the first result would mean nothing.

#include "tests/vault/keytree/tree_fixture.h"

namespace lethe::test {
namespace {

using vault::Place;

class TreeAttackTest : public TreeFixture {
 protected:
  void Attack(const TreeAttacker& attacker, const Secret& old_root) {
    const Secret root = CurrentRoot();
    EXPECT_EQ(Recovered(attacker, root, erased_), 0u);
    EXPECT_EQ(Recovered(attacker, root, living_), living_.size());
    EXPECT_EQ(Recovered(attacker, old_root, erased_), erased_.size()) << "the control must succeed";
  }
};

TEST_F(TreeAttackTest, TheRootThatIsLeftOpensNothingThatDied) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(300);
  Photograph(attacker);
  const Secret old_root = CurrentRoot();

  ASSERT_TRUE(Shred({places[0], places[1], places[63], places[64], places[65], places[299]}).ok());
  Photograph(attacker);

  Attack(attacker, old_root);
}

TEST_F(TreeAttackTest, EveryCommitPhotographedManyShredsOneAfterAnother) {
  TreeAttacker attacker(vault_);
  Photograph(attacker);
  for (int round = 0; round < 8; ++round) {
    const auto places = AddMany(20);
    Photograph(attacker);
    const Secret before = CurrentRoot();
    const std::map<Place, std::string> erased_before = erased_;
    ASSERT_TRUE(Shred({places[0], places[7], places[19]}).ok());
    Photograph(attacker);
    const Secret root = CurrentRoot();

    EXPECT_EQ(Recovered(attacker, root, erased_), 0u) << "round " << round;
    EXPECT_EQ(Recovered(attacker, root, living_), living_.size()) << "round " << round;
    EXPECT_EQ(Recovered(attacker, before, erased_), 3u) << "control, round " << round;
    EXPECT_EQ(Recovered(attacker, before, erased_before), 0u) << "round " << round;
  }
}

TEST_F(TreeAttackTest, ALeafAddedAfterItsGroupWasRekeyedDiesLikeAnyOther) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(3);
  ASSERT_TRUE(Shred({places[0]}).ok());
  const Place late = Add();
  ASSERT_EQ(late.group, places[0].group);
  Photograph(attacker);
  const Secret old_root = CurrentRoot();

  ASSERT_TRUE(Shred({late, places[1]}).ok());
  Photograph(attacker);

  const Secret root = CurrentRoot();
  EXPECT_EQ(Recovered(attacker, root, erased_), 0u);
  EXPECT_EQ(Recovered(attacker, root, living_), living_.size());
  EXPECT_EQ(Recovered(attacker, old_root, erased_), 2u);
}

TEST_F(TreeAttackTest, AfterARestartTheRaisedEpochBringsNoOldRootBack) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(5);
  const Secret old_root = CurrentRoot();
  Photograph(attacker);
  ASSERT_TRUE(Shred({places[2]}).ok());
  ASSERT_TRUE(Reopen().ok());
  Photograph(attacker);

  Attack(attacker, old_root);
}

// What docs/disaster.md says of a copy of a holder: with the rows of its time it opens them for
// ever, whatever is done afterwards, and what is added under keys that no shred replaced.
TEST_F(TreeAttackTest, ACopyOfAHolderIsMadeWorthlessByNothing) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(70);
  Photograph(attacker);
  const Secret copied = CurrentRoot();
  ASSERT_TRUE(tree_->Rotate({}).ok());
  ASSERT_TRUE(Shred({places[0]}).ok());
  ASSERT_TRUE(tree_->Rotate({}).ok());
  const Place beside = Add();
  ASSERT_NE(beside.group, places[0].group);
  Photograph(attacker);

  EXPECT_EQ(Recovered(attacker, copied, erased_), 1u);
  EXPECT_EQ(Recovered(attacker, copied, living_), living_.size()) << "the one added since, too";

  ASSERT_TRUE(Shred({beside}).ok());
  const Place late = Add();
  ASSERT_EQ(late.group, beside.group);
  Photograph(attacker);
  EXPECT_EQ(Recovered(attacker, copied, {{late, living_.at(late)}}), 0u)
      << "under a key that a shred drew";
  EXPECT_EQ(Recovered(attacker, CurrentRoot(), erased_), 0u) << "the control: the root of now";
}

// The fault this suite must catch: a vault that deletes a wrapped key instead of its wrapping's
// key.
TEST_F(TreeAttackTest, ANaiveVaultThatDeletesTheRowIsCaught) {
  TreeAttacker attacker(vault_);
  const Place place = Add();
  Photograph(attacker);
  storage::Batch naive;
  naive.Delete(vault::table::kLeaf, place.Key());
  ASSERT_TRUE(Commit(std::move(naive)).ok());
  Photograph(attacker);

  ASSERT_TRUE(absl::IsNotFound(tree_->Unwrap(place).status()));
  EXPECT_EQ(Recovered(attacker, CurrentRoot(), living_), 1u);
}

}  // namespace
}  // namespace lethe::test
