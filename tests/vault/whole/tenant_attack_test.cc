// The end of a tenant against the attacker who has every byte ever written and the root that is
// left, at the end of random stories.
//
// LETHE_SEED picks the first story; every failure prints the seed that tells it again.
#include <cstdio>

#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/vault/whole/attack.h"

namespace lethe::test {
namespace {

constexpr int kStories = kSlowBuild ? 1 : 4;
constexpr int kStepsPerStory = 40;

class TenantAttackTest : public ::testing::Test {
 protected:
  void Attacked(Attack& attack, const Step& step) {
    ASSERT_TRUE(step.status.ok()) << step.name << ": " << step.status;
    attack.After(step);
    attack.Look();
  }

  // A story, everybody's restriction lifted and nothing left to sweep, and then the tenant's end.
  void TellOfAnEnd(std::uint64_t seed, bool with_invoice) {
    SCOPED_TRACE("LETHE_SEED=" + std::to_string(seed));
    RecordedVault world;
    Story story(world, seed);
    Attack attack(world, story);
    if (with_invoice) {
      for (int i = 0; i < kStepsPerStory && !HasFatalFailure(); ++i) {
        attack.Look();
        Attacked(attack, story.Next());
      }
      for (std::size_t i = 0; i < story.people(); ++i) {
        if (story.restricted(i)) Attacked(attack, story.Lift(i));
      }
      Attacked(attack, story.Create());
      Attacked(attack, story.Put(story.people() - 1, "billing"));
    } else {
      Attacked(attack, story.Create());
    }
    Attacked(attack, story.Put(story.people() - 1, "account"));
    Attacked(attack, story.AddIdentifier(story.people() - 1));
    Attacked(attack, story.Offboard());
    if (with_invoice) {
      Attacked(attack, story.EraseWhatNoDutyNeeds());
      Attacked(attack, story.EndDuties());
    }
    EXPECT_TRUE(story.Living().empty());
    for (const std::string& fault : attack.faults()) ADD_FAILURE() << fault;
    AddTo(paths_, attack.paths());
  }

  std::map<std::string, PathTally> paths_;
};

TEST_F(TenantAttackTest, NothingOfATenantThatIsGoneOpens) {
  const std::uint64_t first = SeedFromEnvironment(1);
  for (std::uint64_t seed = first; seed < first + kStories && !HasFailure(); ++seed) {
    TellOfAnEnd(seed, true);
    TellOfAnEnd(seed, false);
  }
  std::printf("%s", TableOf(paths_).c_str());
  for (const char* path : {"offboard a tenant", "offboard but for a duty",
                           "erase after an offboarding", "the end of a duty"}) {
    EXPECT_GT(paths_[path].control_opened, 0u) << "a path without its control: " << path;
    EXPECT_EQ(paths_[path].control_opened, paths_[path].texts) << path;
    EXPECT_EQ(paths_[path].recoverable, 0u) << path;
  }
}

}  // namespace
}  // namespace lethe::test
