// Versions of a policy: which number a start gives to the configured document.
#include "vault/tenants/policy_store.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::tenants {
namespace {

using test::IsOk;
using test::IsRefused;
using test::TestVault;

class PolicyStoreTest : public ::testing::Test {
 protected:
  TenantHandle acme() { return vault_->stores().tenants.Find("acme"); }
  std::uint32_t number() { return acme()->policy.number(); }
  std::string& document() { return vault_.options.tenants[0].policy_yaml; }
  void Rename(const std::string& name) {
    document().replace(0, document().find('\n'), "policy: " + name);
    vault_.Restart();
  }
  void Write(storage::Batch change) {
    ASSERT_THAT(vault_->stores().journal->Commit({audit::Event{}}, std::move(change),
                                                 storage::Durability::kSynced),
                IsOk());
  }
  absl::Status OpenAgain() {
    vault_.Close();
    return vault_.Open();
  }

  TestVault vault_;
};

TEST_F(PolicyStoreTest, ARestartKeepsTheNumber) {
  EXPECT_EQ(number(), 1u);
  vault_.Restart();
  EXPECT_EQ(number(), 1u);
  EXPECT_EQ(vault_->stores().tenants.Find("globex")->policy.number(), 1u) << "each has its own";
}

TEST_F(PolicyStoreTest, AChangedDocumentGetsTheNextNumberAndIsKept) {
  const std::string first = document();
  vault_.clock.Advance(absl::Hours(1));
  Rename("test-2");
  EXPECT_EQ(number(), 2u);
  const auto newest = PolicyStore(vault_.engine()).Newest(acme()->tag, acme()->secret, 2);
  ASSERT_THAT(newest, IsOk());
  EXPECT_EQ(newest->document, document());
  EXPECT_EQ(newest->stored_time, vault_.clock.Now());
  EXPECT_EQ(vault_.engine()
                .Scan(table::kPolicy, {.prefix = row_key::Tenant(acme()->tag), .after = {}}, 10)
                ->size(),
            2u);
  EXPECT_EQ(vault_->stores().tenants.Find("globex")->policy.number(), 1u);

  document() = first;
  vault_.Restart();
  EXPECT_EQ(number(), 3u) << "what comes back is a version of its own";
  vault_.Restart();
  EXPECT_EQ(number(), 3u);
}

TEST_F(PolicyStoreTest, ADamagedVersionIsNamedAtOpen) {
  EXPECT_THAT(OpenAgain(), IsOk()) << "the control";
  const std::string key = row_key::Policy(acme()->tag, 1);
  std::string row = *vault_.engine().Get(table::kPolicy, key);
  row.back() ^= 1;
  storage::Batch change;
  change.Put(table::kPolicy, key, row);
  Write(std::move(change));
  EXPECT_THAT(OpenAgain(), IsRefused(Reason::kDecryptFailed));
}

TEST_F(PolicyStoreTest, AMissingVersionIsNamedAtOpen) {
  storage::Batch change;
  change.Delete(table::kPolicy, row_key::Policy(acme()->tag, 1));
  Write(std::move(change));
  EXPECT_THAT(OpenAgain(), IsRefused(Reason::kDecryptFailed));
}

// A tenant's row of before the change, put back, must not bring the older policy back.
TEST_F(PolicyStoreTest, ALaterVersionThanTheTenantsIsNamedAtOpen) {
  const std::string key = row_key::Tenant(acme()->tag);
  const std::string before = *vault_.engine().Get(table::kTenant, key);
  const std::string first = document();
  Rename("test-2");
  storage::Batch change;
  change.Put(table::kTenant, key, before);
  Write(std::move(change));
  document() = first;
  EXPECT_THAT(OpenAgain(), IsRefused(Reason::kDecryptFailed));
}

}  // namespace
}  // namespace lethe::vault::tenants
