// Power cuts and kills at every point of one ordered log of all writes and syncs of engine, archive
// and slots. After each: the vault opens, what was acknowledged stands, what died stays dead, and
// the root that is left opens none of it in any byte ever written.

#include "tests/vault/keytree/tree_crash.h"

namespace lethe::test {
namespace {

constexpr int kCrashPointsDefault = kSlowBuild ? 60 : 400;

class TreeCrashTest : public TreeCrash {};

TEST_F(TreeCrashTest, NothingAcknowledgedIsLostOrUndoneByACrashAtAnyPoint) {
  CrashAtEachOf(NumberFromEnvironment("LETHE_CRASH_POINTS", kCrashPointsDefault), 40);
}

TEST_F(TreeCrashTest, NoErasedSecretAndNoOldRootStandsInAnyByteEverWritten) {
  RunOperations(60);
  ASSERT_FALSE(erased_.empty());

  for (const auto& [place, secret] : erased_) EXPECT_EQ(world_.CountOutsideSlots(secret), 0u);
  for (const auto& [place, secret] : living_) EXPECT_EQ(world_.CountOutsideSlots(secret), 0u);

  // Control: a secret written in clear would be seen.
  storage::Batch planted;
  planted.Put(15, "planted", erased_.begin()->second);
  ASSERT_TRUE(
      world_.open().journal->Commit({{}}, std::move(planted), storage::Durability::kSynced).ok());
  EXPECT_GE(world_.CountOutsideSlots(erased_.begin()->second), 1u);
}

}  // namespace
}  // namespace lethe::test
