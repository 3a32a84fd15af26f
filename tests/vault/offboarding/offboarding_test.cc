// The end of a tenant: what dies at once, what a duty keeps and for whom, and what is left at last.
#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "tests/support/vault_attacker.h"
#include "vault/erasure/receipt_verify.h"
#include "vault/rows/row_schema.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::offboarding {
namespace {

using test::CustomerNumber;
using test::Disk;
using test::IsOk;
using test::IsRefused;
using test::TestVault;
using test::VaultAttacker;
using ::testing::UnorderedElementsAre;

constexpr absl::Duration kTenYearsOver = absl::Hours(24 * 3'660);

class OffboardingTest : public ::testing::TestWithParam<Disk> {
 protected:
  auto Offboard(bool validate_only = false) {
    return vault_->rights().OffboardTenant(vault_.As("service"), validate_only);
  }
  std::size_t Commits() { return shredlog::LoadLogState(vault_.engine())->last_sequence; }
  bool Opens(const std::string& text) {
    return attacker_.OpenAll(vault_.CurrentRoot()).contains(text);
  }
  std::size_t RowsOf(const TenantTag& tenant) {
    std::size_t rows = 0;
    for (storage::TableId id = table::kTenantScope; id <= table::kPolicy; ++id) {
      if (id == table::kDoomed) continue;
      rows += vault_.engine().Scan(id, {.prefix = row_key::Tenant(tenant)}, 1'000)->size();
    }
    return rows;
  }
  TenantTag TagOf(const std::string& name) { return vault_->stores().tenants.Find(name)->tag; }

  TestVault vault_{{.disk = GetParam()}};
  const Subject ann_ = vault_.Create("C-1");
  const Record account_ = vault_.Put(ann_.tag, "account", R"({"of":"ann"})");
  const Subject other_ = vault_.Create("G-1", "globex");
  const Record others_ = vault_.Put(other_.tag, "account", R"({"of":"globex"})", "globex");
  VaultAttacker attacker_{vault_.id()};
};

INSTANTIATE_TEST_SUITE_P(Disks, OffboardingTest, ::testing::Values(Disk::kMemory, Disk::kRocks),
                         [](const auto& info) {
                           return info.param == Disk::kMemory ? "Memory" : "Rocks";
                         });

TEST_P(OffboardingTest, WithoutADutyAllOfItDiesInOneShred) {
  attacker_.AddImage(vault_.engine());
  ASSERT_TRUE(Opens(R"({"of":"ann"})") && Opens("C-1")) << "the control";
  const std::size_t entries = Commits();
  const TenantTag tag = TagOf("acme");

  const auto erasure = Offboard();
  ASSERT_THAT(erasure, IsOk());

  EXPECT_EQ(Commits(), entries + 2) << "PREPARED and COMMITTED, once";
  attacker_.AddImage(vault_.engine());
  EXPECT_FALSE(Opens(R"({"of":"ann"})"));
  EXPECT_TRUE(Opens(R"({"of":"globex"})"));
  EXPECT_TRUE(erasure->subject.is_none());
  EXPECT_THAT(erasure->categories_shredded,
              UnorderedElementsAre("account", "billing", "support", "telemetry"));
  EXPECT_EQ(erasure->key_commitments.size(), 5u) << "four categories and the tenant";
  EXPECT_TRUE(erasure->withheld.empty());
  EXPECT_THAT(vault_.Get(account_, "service"), IsRefused(Reason::kTenantMismatch));
  EXPECT_THAT(vault_.Get(others_, "service", "globex"), IsOk());
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(RowsOf(tag), 0u);
  EXPECT_THAT(vault_.Get(others_, "service", "globex"), IsOk());
}

TEST_P(OffboardingTest, ItsReceiptOutlivesItAndOpensToItsNameAlone) {
  const auto erasure = Offboard();
  ASSERT_THAT(erasure, IsOk());
  for (const bool restarted : {false, true}) {
    // The second time another tenant has its name.
    if (restarted) vault_.Restart();
    const auto again = vault_->rights().GetErasure(vault_.As("service"), erasure->receipt);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->signed_statement, erasure->signed_statement);
    EXPECT_THAT(erasure::VerifyReceipt(again->signed_statement, again->proof,
                                       vault_->stores().tree->signing_key().public_key()),
                IsOk());
    EXPECT_THAT(vault_->rights().GetErasure(vault_.As("service", "globex"), erasure->receipt),
                IsRefused(Reason::kResourceNotFound));
  }
}

TEST_P(OffboardingTest, AskedAgainItIsTheSameAnswer) {
  const auto erasure = Offboard();
  ASSERT_THAT(erasure, IsOk());
  const auto again = Offboard();
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->receipt, erasure->receipt);
}

TEST_P(OffboardingTest, TheSameNameIsANewTenantAfterwards) {
  const TenantTag before = TagOf("acme");
  ASSERT_THAT(Offboard(), IsOk());
  vault_.Restart();
  EXPECT_NE(TagOf("acme"), before);
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann_.tag),
              IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), CustomerNumber("C-1")),
              IsRefused(Reason::kResourceNotFound));
  const Subject second = vault_.Create("C-1");
  EXPECT_THAT(vault_.Get(vault_.Put(second.tag, "account", "{}"), "service"), IsOk());
}

TEST_P(OffboardingTest, WhatADutyKeepsOpensForTheDutyAloneAndDiesOnItsDate) {
  ASSERT_THAT(
      vault_->data().AddIdentifier(vault_.As("service"), ann_.tag, {"email", "ann@example.org"}),
      IsOk());
  const Record invoice = vault_.Put(ann_.tag, "billing", R"({"sum":7})");
  const Subject bob = vault_.Create("C-2");
  attacker_.AddImage(vault_.engine());
  ASSERT_TRUE(Opens("ann@example.org") && Opens("C-2")) << "the control";

  const auto erasure = Offboard();
  ASSERT_THAT(erasure, IsOk());
  ASSERT_EQ(erasure->withheld.size(), 1u);
  EXPECT_EQ(erasure->withheld[0].category, "billing");
  EXPECT_EQ(erasure->withheld[0].until, invoice.expire_time);
  attacker_.AddImage(vault_.engine());
  EXPECT_FALSE(Opens(R"({"of":"ann"})"));
  EXPECT_TRUE(Opens(R"({"sum":7})"));
  EXPECT_THAT(vault_->rights().EraseSubject(vault_.As("service"), {.subject = ann_.tag}),
              IsRefused(Reason::kErasureInProgress));

  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  for (const bool restarted : {false, true}) {
    if (restarted) vault_.Restart();
    attacker_.AddImage(vault_.engine());
    EXPECT_FALSE(Opens("ann@example.org")) << "no duty needs it";
    EXPECT_FALSE(Opens("C-2"));
    EXPECT_TRUE(Opens("C-1"));
    EXPECT_EQ(vault_.Get(invoice, "tax")->data, R"({"sum":7})");
    EXPECT_THAT(vault_.Get(invoice, "billing"), IsRefused(Reason::kSubjectErased));
    EXPECT_THAT(vault_.Get(account_, "service"), IsRefused(Reason::kSubjectErased));
    EXPECT_THAT(vault_->data().GetSubject(vault_.As("tax"), bob.tag),
                IsRefused(Reason::kSubjectErased));
    const std::vector<Identifier> number = {CustomerNumber("C-3")};
    EXPECT_THAT(vault_->data().CreateSubject(vault_.As("service"), number),
                IsRefused(Reason::kErasureInProgress));
  }

  vault_.clock.Advance(kTenYearsOver);
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  attacker_.AddImage(vault_.engine());
  EXPECT_FALSE(Opens(R"({"sum":7})") || Opens("C-1"));
  EXPECT_TRUE(Opens(R"({"of":"globex"})"));
  EXPECT_THAT(vault_.Get(invoice, "tax"), IsRefused(Reason::kTenantMismatch));
  const auto last = Offboard();
  ASSERT_THAT(last, IsOk());
  EXPECT_NE(last->receipt, erasure->receipt);
  EXPECT_TRUE(last->withheld.empty());
}

TEST_P(OffboardingTest, APreviewCountsAndChangesNothing) {
  vault_.Put(ann_.tag, "billing", "{}");
  const std::uint64_t generation = vault_->operations().Status().generation;
  const auto preview = Offboard(true);
  ASSERT_THAT(preview, IsOk());
  EXPECT_TRUE(preview->receipt.is_none());
  EXPECT_EQ(vault_->operations().Status().generation, generation);
  EXPECT_THAT(vault_.Get(account_, "service"), IsOk());
  const auto erasure = Offboard();
  ASSERT_THAT(erasure, IsOk());
  EXPECT_EQ(preview->categories_shredded, erasure->categories_shredded);
  ASSERT_EQ(preview->withheld.size(), erasure->withheld.size());
  EXPECT_EQ(preview->withheld[0].until, erasure->withheld[0].until);
}

TEST_P(OffboardingTest, ARestrictionStopsIt) {
  ASSERT_THAT(
      vault_->rights().BeginAct(vault_.As("service"), ann_.tag, Restriction{.reason = "claim"}),
      IsOk());
  EXPECT_THAT(Offboard(), IsRefused(Reason::kProcessingRestricted));
  ASSERT_THAT(vault_->rights().EndAct(vault_.As("service"), ann_.tag,
                                      {ActKind::kRestriction, vault_.clock.Now()}),
              IsOk());
  EXPECT_THAT(vault_.Get(account_, "service"), IsOk());
  EXPECT_THAT(Offboard(), IsOk());
}

TEST_P(OffboardingTest, ASilentHolderChangesNothing) {
  vault_.slots()->before_read = [] { return absl::UnavailableError("silent"); };
  EXPECT_THAT(Offboard(), IsRefused(Reason::kHolderUnreachable));
  EXPECT_THAT(vault_.Get(account_, "service"), IsOk());
  vault_.slots()->before_read = [] { return absl::OkStatus(); };
  EXPECT_THAT(Offboard(), IsOk());
}

// Whoever still has the tenant in hand has its secrets: nothing is shredded behind his back.
TEST_P(OffboardingTest, ATenantIsNotTakenFromACallUnderWay) {
  tenants::Tenants& tenants = vault_->stores().tenants;
  const tenants::TenantHandle of_a_call = tenants.Find("acme");
  EXPECT_THAT(tenants.Withdraw(tenants.Find("acme"), absl::Milliseconds(1)),
              IsRefused(Reason::kConcurrentChange));
  EXPECT_THAT(vault_.Get(account_, "service"), IsOk());
}

// Withheld after one person's own erasure: it ends without another call.
TEST_P(OffboardingTest, WhatAnErasureWithheldDiesOnItsDateWithThePerson) {
  const Record invoice = vault_.Put(ann_.tag, "billing", R"({"sum":7})");
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  attacker_.AddImage(vault_.engine());
  ASSERT_TRUE(Opens("C-1") && Opens(R"({"sum":7})")) << "the control";
  vault_.clock.Advance(*invoice.expire_time - vault_.clock.Now() - absl::Seconds(1));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_TRUE(Opens("C-1") && Opens(R"({"sum":7})")) << "a second before its end";

  vault_.clock.Advance(absl::Minutes(2));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());

  attacker_.AddImage(vault_.engine());
  EXPECT_FALSE(Opens(R"({"sum":7})") || Opens("C-1"));
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("tax"), ann_.tag),
              IsRefused(Reason::kSubjectErased));
}

}  // namespace
}  // namespace lethe::vault::offboarding
