// The undo window: refused from the answer on, dead when the window ends, and back if taken back.
#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "tests/support/vault_attacker.h"
#include "vault/erasure/receipt.h"

namespace lethe::vault::erasure {
namespace {

using test::CustomerNumber;
using test::Disk;
using test::IsOk;
using test::IsRefused;
using test::TestVault;
using test::VaultAttacker;

// Seven days, and the rest of the last one.
constexpr absl::Duration kWindowOver = absl::Hours(24 * 8 + 1);

class UndoTest : public ::testing::TestWithParam<Disk> {
 protected:
  static std::string Policy() {
    return std::string(test::kTestPolicy) + "erasure: {undo_window: P7D}\n";
  }
  auto Undo() { return vault_->rights().UndoErasure(vault_.As("service"), ann_.tag); }
  auto Lookup(const std::string& number) {
    return vault_->data().GetSubject(vault_.As("service"), CustomerNumber(number));
  }
  bool Opens(const std::string& text) {
    return attacker_.OpenAll(vault_.CurrentRoot()).contains(text);
  }

  TestVault vault_{{.disk = GetParam(), .tenants = {{"acme", Policy()}}}};
  const Subject ann_ = vault_.Create("C-1");
  const Record record_ = vault_.Put(ann_.tag, "account", R"({"of":"ann"})");
  VaultAttacker attacker_{vault_.id()};
};

INSTANTIATE_TEST_SUITE_P(Disks, UndoTest, ::testing::Values(Disk::kMemory, Disk::kRocks),
                         [](const auto& info) {
                           return info.param == Disk::kMemory ? "Memory" : "Rocks";
                         });

TEST_P(UndoTest, FromTheAnswerOnNobodyUsesItAndItsIdentifiersAreFree) {
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  ASSERT_TRUE(erasure->scheduled_time.has_value());
  EXPECT_TRUE(erasure->proof.signature.empty()) << "nothing is dead yet";
  for (const bool restarted : {false, true}) {
    if (restarted) vault_.Restart();
    const auto refused = IsRefused(Reason::kErasureInProgress);
    EXPECT_THAT(vault_.Get(record_, "service"), refused);
    EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann_.tag), refused);
    EXPECT_THAT(vault_->rights().AccessReport(vault_.As("access"), ann_.tag), refused);
    EXPECT_THAT(vault_->rights().BeginAct(vault_.As("service"), ann_.tag, Restriction{}), refused);
    EXPECT_TRUE(vault_->data().ListSubjects(vault_.As("service"), {})->items.empty());
    EXPECT_THAT(Lookup("C-1"), IsRefused(Reason::kResourceNotFound));
    EXPECT_THAT(vault_->rights().GetErasure(vault_.As("service"), erasure->receipt),
                IsRefused(Reason::kResourceNotFound));
  }
  EXPECT_NE(vault_.Create("C-1").tag, ann_.tag);
}

TEST_P(UndoTest, ItRunsWhenTheWindowEndsAndNotBefore) {
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  attacker_.AddImage(vault_.engine());
  vault_.Restart();
  vault_.clock.Advance(*erasure->scheduled_time - vault_.clock.Now() - absl::Microseconds(1));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_TRUE(Opens(R"({"of":"ann"})")) << "the control";

  vault_.clock.Advance(absl::Microseconds(1));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());

  attacker_.AddImage(vault_.engine());
  EXPECT_FALSE(Opens(R"({"of":"ann"})") || Opens("C-1"));
  EXPECT_THAT(vault_.Get(record_, "service"), IsRefused(Reason::kSubjectErased));
  const auto receipt = vault_->rights().GetErasure(vault_.As("service"), erasure->receipt);
  ASSERT_THAT(receipt, IsOk());
  EXPECT_EQ(receipt->records_shredded, 1);
  EXPECT_FALSE(receipt->proof.signature.empty());
  // What was told when it was put off proves whose it was.
  EXPECT_EQ(receipt->whose, erasure::WhoseOf(erasure->nonce, "acme", ann_.tag));
  EXPECT_THAT(Undo(), IsRefused(Reason::kSubjectErased));
}

TEST_P(UndoTest, TakenBackItIsAsBefore) {
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  vault_.Restart();
  ASSERT_THAT(Undo(), IsOk());
  EXPECT_THAT(Undo(), IsRefused(Reason::kResourceNotFound));
  vault_.clock.Advance(kWindowOver);
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  for (const bool restarted : {false, true}) {
    if (restarted) vault_.Restart();
    EXPECT_EQ(vault_.Get(record_, "service")->data, R"({"of":"ann"})");
    EXPECT_EQ(Lookup("C-1")->tag, ann_.tag);
  }
}

TEST_P(UndoTest, AnIdentifierThatIsTakenByThenIsShredded) {
  ASSERT_THAT(
      vault_->data().AddIdentifier(vault_.As("service"), ann_.tag, {"email", "ann@example.org"}),
      IsOk());
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  attacker_.AddImage(vault_.engine());
  ASSERT_TRUE(Opens("C-1")) << "the control";
  const Subject other = vault_.Create("C-1");
  ASSERT_THAT(Undo(), IsOk());
  for (const bool restarted : {false, true}) {
    if (restarted) vault_.Restart();
    EXPECT_EQ(Lookup("C-1")->tag, other.tag);
    EXPECT_EQ(vault_->data()
                  .GetSubject(vault_.As("service"), Identifier{"email", "ann@example.org"})
                  ->tag,
              ann_.tag);
  }
  // The other's reads the same, so it goes first.
  ASSERT_THAT(
      vault_->data().RemoveIdentifier(vault_.As("service"), other.tag, CustomerNumber("C-1")),
      IsOk());
  attacker_.AddImage(vault_.engine());
  EXPECT_TRUE(Opens("ann@example.org"));
  EXPECT_FALSE(Opens("C-1"));
}

TEST_P(UndoTest, TheSameRequestAgainIsTheSameSchedule) {
  const Caller caller = vault_.As("service");
  const EraseRequest request{.subject = ann_.tag};
  const auto first = vault_->rights().EraseSubject(caller, request);
  ASSERT_THAT(first, IsOk());
  const auto again = vault_->rights().EraseSubject(caller, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->receipt, first->receipt);
  EXPECT_EQ(again->scheduled_time, first->scheduled_time);
}

TEST_P(UndoTest, WhatADutyKeepsIsStillKept) {
  const Record invoice = vault_.Put(ann_.tag, "billing", "{}");
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  EXPECT_THAT(vault_.Get(invoice, "tax"), IsRefused(Reason::kErasureInProgress));
  vault_.clock.Advance(kWindowOver);
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_THAT(vault_.Get(invoice, "tax"), IsOk());
  EXPECT_THAT(vault_.Get(invoice, "billing"), IsRefused(Reason::kSubjectErased));
  EXPECT_EQ(vault_->data().GetSubject(vault_.As("tax"), CustomerNumber("C-1"))->tag, ann_.tag);
}

}  // namespace
}  // namespace lethe::vault::erasure
