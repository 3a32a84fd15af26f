// A tenant that is replaced while calls go on.
#include "vault/tenants/tenants.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"

namespace lethe::vault::tenants {
namespace {

using test::IsOk;
using test::IsRefused;
using test::TestVault;

constexpr absl::Duration kNotLong = absl::Milliseconds(1);

class TenantsTest : public ::testing::Test {
 protected:
  Tenants& tenants() { return vault_->stores().tenants; }
  TenantHandle acme() { return tenants().Find("acme"); }
  // The tenant under a policy that allows every purpose.
  static Tenant Widened(const Tenant& tenant) {
    std::string document = test::kTestPolicy;
    const std::string all = "purposes: [service, support, billing, tax, access]";
    document.replace(document.find(all), all.size(), "purposes: allow-all");
    auto policy = *policy::Policy::Parse(document);
    policy.set_number(tenant.policy.number() + 1);
    return tenant.Under(std::move(policy));
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
};

TEST_F(TenantsTest, CallsUnderWayKeepWhatTheyHoldAndNewOnesSeeTheNew) {
  const TenantHandle held = acme();
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("newsletter"), ann_.tag),
              IsRefused(Reason::kPurposeNotAllowed))
      << "the control";
  ASSERT_THAT(tenants().Replace(held, Widened(*held)), IsOk());
  EXPECT_EQ(held->policy.number(), 1u);
  EXPECT_FALSE(held->policy.KnowsPurpose("newsletter"));
  EXPECT_EQ(acme()->policy.number(), 2u);
  EXPECT_EQ(acme()->tag, held->tag);
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("newsletter"), ann_.tag), IsOk());
}

TEST_F(TenantsTest, OfTwoWhoReplaceTheSameOneLoses) {
  const TenantHandle held = acme();
  ASSERT_THAT(tenants().Replace(held, Widened(*held)), IsOk());
  EXPECT_THAT(tenants().Replace(held, Widened(*held)), IsRefused(Reason::kConcurrentChange));
  EXPECT_THAT(tenants().Replace(acme(), Widened(*acme())), IsOk());
}

TEST_F(TenantsTest, AWithdrawalWaitsForThoseWhoHoldAnEarlierOne) {
  TenantHandle held = acme();
  ASSERT_THAT(tenants().Replace(held, Widened(*held)), IsOk());
  EXPECT_THAT(tenants().Withdraw(acme(), kNotLong).status(), IsRefused(Reason::kConcurrentChange));
  EXPECT_EQ(acme()->policy.number(), 2u) << "it is served on";
  EXPECT_THAT(tenants().Withdraw(acme(), kNotLong).status(), IsRefused(Reason::kConcurrentChange))
      << "however often it is tried";
  held.reset();
  EXPECT_THAT(tenants().Withdraw(acme(), kNotLong), IsOk()) << "the control";
}

TEST_F(TenantsTest, OneThatIsWithdrawnIsNotReplaced) {
  const Tenant copy = acme()->In(TenantPhase::kServed);
  auto taken = tenants().Withdraw(acme(), kNotLong);
  ASSERT_THAT(taken, IsOk());
  EXPECT_EQ(acme()->phase, TenantPhase::kWithdrawn);
  EXPECT_THAT(tenants().Replace(acme(), Widened(copy)), IsRefused(Reason::kConcurrentChange));
  tenants().PutBack(*std::move(taken));
  EXPECT_THAT(tenants().Replace(acme(), Widened(copy)), IsOk()) << "the control";
}

TEST_F(TenantsTest, IsReplacedAgainAndAgainUnderReaders) {
  std::atomic<bool> ended = false;
  std::atomic<int> answers = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      do {
        EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann_.tag), IsOk());
        ++answers;
      } while (!ended);
    });
  }
  constexpr std::uint32_t kTimes = 50;
  for (std::uint32_t i = 0; i < kTimes; ++i) {
    const TenantHandle held = acme();
    EXPECT_THAT(tenants().Replace(held, Widened(*held)), IsOk());
  }
  ended = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GE(answers, 4);
  EXPECT_EQ(acme()->policy.number(), 1 + kTimes);
  EXPECT_THAT(tenants().Withdraw(acme(), kNotLong), IsOk()) << "nobody holds any of them";
}

}  // namespace
}  // namespace lethe::vault::tenants
