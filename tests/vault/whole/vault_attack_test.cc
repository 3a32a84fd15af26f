// Every image of the engine ever taken, and the root that is left: nothing that died opens, all
// that lives does. The same code with the root of just before opens the dead: without that control
// the first result would mean nothing.
//
// "Was Alice here?" is the first question: it must be unanswerable, although every old image still
// holds her rows.
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "tests/support/vault_attacker.h"

namespace lethe::vault {
namespace {

using test::CustomerNumber;
using test::IsOk;
using test::TestVault;
using test::VaultAttacker;

class VaultAttackTest : public ::testing::Test {
 protected:
  void Photograph() { attacker_.AddImage(vault_.engine()); }
  // Acts, with an image before and behind, and remembers the root of before.
  template <typename Act>
  void Observed(const Act& act) {
    Photograph();
    old_root_ = vault_.CurrentRoot();
    act();
    Photograph();
  }
  void ExpectDead(const std::set<std::string>& dead) const {
    const auto now = attacker_.OpenAll(vault_.CurrentRoot());
    const auto then = attacker_.OpenAll(old_root_);
    for (const std::string& text : dead) {
      EXPECT_FALSE(now.contains(text)) << text << " opens with the root that is left";
      EXPECT_TRUE(then.contains(text)) << text << ": the control must succeed";
    }
  }
  void ExpectLiving(const std::set<std::string>& living) const {
    const auto now = attacker_.OpenAll(vault_.CurrentRoot());
    for (const std::string& text : living) EXPECT_TRUE(now.contains(text)) << text;
  }

  TestVault vault_;
  VaultAttacker attacker_{vault_.id()};
  Secret old_root_;
  const Subject alice_ = vault_.Create("alice");
  const Subject bob_ = vault_.Create("bob");
};

TEST_F(VaultAttackTest, AnErasedPersonWasNeverHere) {
  vault_.Put(alice_.tag, "account", R"({"a":"account"})");
  vault_.Put(alice_.tag, "telemetry", R"({"a":"telemetry"})");
  vault_.Put(bob_.tag, "account", R"({"b":"account"})");
  vault_.Put(bob_.tag, "telemetry", R"({"b":"telemetry"})");
  Observed([&] { ASSERT_THAT(vault_.Erase(alice_.tag), IsOk()); });
  ExpectDead({"alice", R"({"a":"account"})", R"({"a":"telemetry"})"});
  ExpectLiving({"bob", R"({"b":"account"})", R"({"b":"telemetry"})"});
}

TEST_F(VaultAttackTest, APartialEraseLeavesTheDutyAndTheIdentifierItNames) {
  ASSERT_THAT(vault_->data().AddIdentifier(vault_.As("service"), alice_.tag,
                                           {"email", "alice@example.org"}),
              IsOk());
  vault_.Put(alice_.tag, "account", R"({"a":"account"})");
  vault_.Put(alice_.tag, "billing", R"({"a":"invoice"})");
  Observed([&] { ASSERT_THAT(vault_.Erase(alice_.tag), IsOk()); });
  ExpectDead({"alice@example.org", R"({"a":"account"})"});
  ExpectLiving({"alice", R"({"a":"invoice"})", "bob"});
}

TEST_F(VaultAttackTest, ARemovedIdentifierDiesAlone) {
  ASSERT_THAT(vault_->data().AddIdentifier(vault_.As("service"), alice_.tag,
                                           {"email", "alice@example.org"}),
              IsOk());
  Observed([&] {
    ASSERT_THAT(vault_->data().RemoveIdentifier(vault_.As("service"), alice_.tag,
                                                {"email", "alice@example.org"}),
                IsOk());
  });
  ExpectDead({"alice@example.org"});
  ExpectLiving({"alice", "bob"});
}

TEST_F(VaultAttackTest, ALiftedRestrictionTakesItsReasonAlong) {
  ASSERT_THAT(vault_->rights().BeginAct(vault_.As("service"), alice_.tag,
                                        Restriction{.reason = "a reason"}),
              IsOk());
  Observed([&] {
    ASSERT_THAT(vault_->rights().EndAct(vault_.As("service"), alice_.tag,
                                        {ActKind::kRestriction, vault_.clock.Now()}),
                IsOk());
  });
  ExpectDead({"a reason"});
  ExpectLiving({"alice"});
}

TEST_F(VaultAttackTest, AReplacedAndADeletedVersionDieWithinTheirDelay) {
  const Record record = vault_.Put(alice_.tag, "account", R"({"v":1})");
  const Record other = vault_.Put(alice_.tag, "account", R"({"v":"other"})");
  const Record stays = vault_.Put(alice_.tag, "account", R"({"v":"stays"})");
  Observed([&] {
    ASSERT_THAT(vault_->data().UpdateRecord(vault_.As("service"), alice_.tag, record.tag, "",
                                            {.data = R"({"v":2})"}),
                IsOk());
    ASSERT_THAT(vault_->data().DeleteRecord(vault_.As("service"), alice_.tag, other.tag, ""),
                IsOk());
    vault_.clock.Advance(absl::Seconds(60));
    ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  });
  ExpectDead({R"({"v":1})", R"({"v":"other"})"});
  ExpectLiving({R"({"v":2})", R"({"v":"stays"})"});
}

TEST_F(VaultAttackTest, ManyErasesOneAfterAnotherWithRestartsBetween) {
  std::set<std::string> dead, living = {"alice", "bob"};
  for (int i = 0; i < 12; ++i) {
    const std::string name = "person-" + std::to_string(i);
    const std::string data = R"({"of":")" + name + R"("})";
    const Subject subject = vault_.Create(name);
    vault_.Put(subject.tag, i % 2 == 0 ? "account" : "telemetry", data);
    if (i % 3 == 0) {
      living.merge(std::set<std::string>{name, data});
      continue;
    }
    if (i % 4 == 0) vault_.Restart();
    Observed([&] { ASSERT_THAT(vault_.Erase(subject.tag), IsOk()); });
    ExpectDead({name, data});
    dead.merge(std::set<std::string>{name, data});
  }
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  Photograph();
  const auto now = attacker_.OpenAll(vault_.CurrentRoot());
  for (const std::string& text : dead) EXPECT_FALSE(now.contains(text)) << text;
  ExpectLiving(living);
  EXPECT_GT(attacker_.rows(), 50u);
}

// The size of a dead row must not tell whose it was either.
TEST_F(VaultAttackTest, IdentifiersOfLikeLengthHaveRowsOfOneSize) {
  std::set<std::size_t> sizes;
  for (std::size_t length = 1; length <= 40; ++length) {
    const Subject subject = vault_.Create(std::string(length, 'x'));
    const auto row = vault_.engine().Scan(
        table::kIdentifier,
        {.prefix = row_key::Subject(vault_->stores().tenants.Find("acme")->tag, subject.tag),
         .after = {}},
        1);
    sizes.insert(row->front().value.size());
  }
  EXPECT_EQ(sizes.size(), 1u);
}

}  // namespace
}  // namespace lethe::vault
