// The guesses of guess.h in a life of a dozen people, and what they rest on.
#include "tests/vault/whole/guess.h"

#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/vault/whole/sights.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 1;

TEST(GuessTest, NoGuessAtTheErasedIsConfirmedAndEveryControlSucceeds) {
  const std::uint64_t seed = SeedFromEnvironment(kSeed);
  const GuessTally tally = GuessAt(seed);
  for (const std::string& fault : tally.Faults()) {
    ADD_FAILURE() << fault << " (LETHE_SEED=" << seed << ")";
  }
  EXPECT_EQ(tally.erased, 6u);
  EXPECT_GT(tally.sights, 300u);
}

// All that the comparison of two lives rests on: with one seed they are the same to the byte.
TEST(GuessTest, TheSameLifeTwiceIsSeenTheSame) {
  const std::vector<std::string> names = {"ann", "bob", "cid", "dot"};
  SmallLife one(kSeed, names);
  SmallLife again(kSeed, names);
  EXPECT_EQ(CountDifferences(SightsOf(one.world()), SightsOf(again.world())), 0u);
}

// What does tell: an address of another class of length. The classes are few on purpose.
TEST(GuessTest, AnAddressOfAnotherPaddingClassIsSeen) {
  SmallLife with_short_names(kSeed, {"ann", "bob"});
  SmallLife with_a_long_one(kSeed, {"ann", std::string(100, 'b')});
  EXPECT_GT(CountDifferences(SightsOf(with_short_names.world()), SightsOf(with_a_long_one.world())),
            0u);
}

// The erased answers as one who was never here, also to somebody who asks the vault itself.
TEST(GuessTest, TheVaultItselfAnswersAsOfSomebodyNeverSeen) {
  SmallLife life(kSeed, {"ann", "bob"});
  const auto answer = [&](const std::string& address) {
    const vault::Caller caller = {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
                                  .tenant = "acme",
                                  .purpose = "service",
                                  .request_id = ""};
    return life.world()->data().GetSubject(caller, vault::Identifier{"email", address}).status();
  };
  EXPECT_EQ(answer(life.erased().front()), answer("zed@example.org"));
  EXPECT_TRUE(answer(life.living().front()).ok());
}

}  // namespace
}  // namespace lethe::test
