// The whole vault against an attacker who has every byte ever written and the root that is left,
// asked after acknowledgements of a random story and before any later commit.
//
// LETHE_SEED picks the story; every failure prints the seed that tells it again.
#include <cstdio>
#include <set>

#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/support/secret_search.h"
#include "tests/vault/recording_slots.h"
#include "tests/vault/whole/attack.h"
#include "vault/row_schema.h"

namespace lethe::test {
namespace {

// Every path that there is today. One that no story took, or whose control opened nothing, fails.
const char* const kPaths[] = {
    "erase a subject",       "erase a subject, ending a restriction",
    "erase but for a duty",  "erase but for a duty, ending a restriction",
    "update a record",       "delete a record",
    "remove an identifier",  "lift a restriction",
    "sweep what was doomed", "the end of a period",
};

constexpr int kStories = kSlowBuild ? 2 : 10;
constexpr int kStepsPerStory = 90;

class AttackTest : public ::testing::Test {
 protected:
  void TellAndAttack(std::uint64_t seed) {
    SCOPED_TRACE("LETHE_SEED=" + std::to_string(seed));
    RecordedVault world({.doomed_delay = seed % 2 == 0 ? absl::Seconds(60) : absl::ZeroDuration()});
    Story story(world, seed);
    Attack attack(world, story);
    for (int i = 0; i < kStepsPerStory && !HasFatalFailure(); ++i) {
      attack.Look();
      const Step step = story.Next();
      ASSERT_TRUE(step.status.ok()) << step.name << ": " << step.status;
      // Whatever kills, and some of the rest.
      if (!step.died.empty() || i % 5 == 0) attack.After(step);
    }
    for (const std::string& fault : attack.faults()) ADD_FAILURE() << fault;
    if (world.options.archive) {
      EXPECT_EQ(attack.disk().rows_past_the_archive(), 0u);
    }
    AddTo(paths_, attack.paths());
    acknowledgements_ += attack.acknowledgements();
    living_opened_ += attack.living_opened();
  }

  std::map<std::string, PathTally> paths_;
  std::size_t acknowledgements_ = 0;
  std::size_t living_opened_ = 0;
};

TEST_F(AttackTest, TheRootThatIsLeftOpensNothingThatDiedAndAllThatLives) {
  const std::uint64_t first = SeedFromEnvironment(1);
  for (std::uint64_t seed = first; seed < first + kStories && !HasFailure(); ++seed) {
    TellAndAttack(seed);
  }
  std::printf("%s%zu acknowledgements attacked, %zu living texts opened\n", TableOf(paths_).c_str(),
              acknowledgements_, living_opened_);
  if (kSlowBuild) return;  // Too short to take every path.
  for (const char* path : kPaths) {
    EXPECT_GT(paths_[path].attacks, 0) << "no story took the path: " << path;
    EXPECT_GT(paths_[path].control_opened, 0u) << "a path without its control: " << path;
    EXPECT_EQ(paths_[path].control_opened, paths_[path].texts) << path;
    EXPECT_EQ(paths_[path].recoverable, 0u) << path;
  }
}

TEST_F(AttackTest, NoSecretEverDrawnStandsInAnyByteEverWritten) {
  RecordedVault world;
  Story story(world, SeedFromEnvironment(1));
  OmniscientDisk disk(world);
  for (int i = 0; i < kStepsPerStory; ++i) ASSERT_TRUE(story.Next().status.ok());
  const std::vector<std::string> secrets = world.random.Secrets();
  ASSERT_GT(secrets.size(), 300u);

  EXPECT_TRUE(disk.FindInAllBytes(secrets).empty());

  // Control: one of them written in clear is seen, in the database and in the archive.
  storage::Batch planted;
  planted.Put(vault::table::kMeta, "planted", secrets[secrets.size() / 2]);
  ASSERT_TRUE(
      world->stores().journal->Commit({{}}, std::move(planted), storage::Durability::kSynced).ok());
  EXPECT_EQ(disk.FindInAllBytes(secrets), std::set<std::string>{secrets[secrets.size() / 2]});
}

// Of all roots there ever were only the last may stand in the slots.
TEST_F(AttackTest, NoOldRootStandsInTheSlots) {
  RecordedVault world;
  Story story(world, SeedFromEnvironment(1));
  std::set<std::string> roots;
  for (int i = 0; i < kStepsPerStory; ++i) {
    const Step step = story.Next();
    ASSERT_TRUE(step.status.ok()) << step.status;
    if (!step.root_before.empty()) roots.insert(step.root_before);
  }
  const std::string current(AsText(world.CurrentRoot().Reveal()));
  roots.insert(current);
  ASSERT_GT(roots.size(), 10u);

  const std::string slots = SlotBytesIn(RecordedVault::HolderFolder(world.live()));
  const std::vector<std::string> wanted(roots.begin(), roots.end());
  EXPECT_EQ(SecretSearch(wanted).In(slots), std::set<std::string>{current});
}

// The fault all this must catch: a vault that deletes the wrapped keys of a person, and the rows.
TEST_F(AttackTest, ANaiveVaultThatDeletesWrappedKeysIsCaught) {
  RecordedVault world;
  Story story(world, 1);
  ASSERT_TRUE(story.Create().status.ok());
  ASSERT_TRUE(story.Put(0, "account").status.ok());
  Attack attack(world, story);
  Step naive{.name = "delete the wrapped keys", .died = story.Living()};
  naive.root_before = AsText(world.CurrentRoot().Reveal());
  storage::Batch change;
  for (const storage::TableId id :
       {vault::table::kLeaf, vault::table::kSubject, vault::table::kScope, vault::table::kRecord}) {
    const auto rows = world->stores().engine().Scan(id, {}, 1'000);
    for (const storage::Row& row : *rows) change.Delete(id, row.key);
  }
  ASSERT_TRUE(
      world->stores().journal->Commit({{}}, std::move(change), storage::Durability::kSynced).ok());

  attack.After(naive);

  const PathTally& tally = attack.paths().at(naive.name);
  EXPECT_EQ(tally.control_opened, 2u);
  EXPECT_EQ(tally.recoverable, 2u) << "this must be seen";
  EXPECT_EQ(attack.faults().size(), 2u);
}

}  // namespace
}  // namespace lethe::test
