// The whole vault against an attacker who has every byte ever written and the root that is left,
// asked after acknowledgements of a random story and before any later commit.
//
// LETHE_SEED picks the story; every failure prints the seed that tells it again.
#include <cstdio>
#include <set>

#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/support/secret_search.h"
#include "tests/vault/holders/recording_slots.h"
#include "tests/vault/whole/attack.h"
#include "tests/vault/whole/naive_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

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
  for (const std::string& missing : MissingFrom(paths_)) ADD_FAILURE() << missing;
  for (const auto& [path, tally] : paths_) EXPECT_EQ(tally.recoverable, 0u) << path;
}

// An attack that took no path, or whose control fails, says nothing and must say so.
TEST_F(AttackTest, APathWithoutItsControlIsMissed) {
  EXPECT_EQ(MissingFrom({}).size(), kPathsToDeath.size());
  std::map<std::string, PathTally> paths;
  for (const std::string& path : kPathsToDeath) {
    paths[path] = {.attacks = 1, .texts = 2, .control_opened = 2};
  }
  EXPECT_TRUE(MissingFrom(paths).empty());
  paths[kPathsToDeath.front()].control_opened = 1;
  EXPECT_EQ(MissingFrom(paths).size(), 1u);
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
  const NaiveErasure naive = AttackNaiveVault();
  ASSERT_TRUE(naive.ok);
  EXPECT_EQ(naive.texts, 2u);
  EXPECT_EQ(naive.tally.control_opened, 2u);
  EXPECT_EQ(naive.tally.recoverable, 2u) << "this must be seen";
  EXPECT_EQ(naive.faults, 3u) << "both texts, and the root of before that still stands";
}

}  // namespace
}  // namespace lethe::test
