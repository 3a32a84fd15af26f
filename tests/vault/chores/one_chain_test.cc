// The control of bad_rows_test.cc: the same chores in one chain, in which the first error ends the
// round, as the housekeeper once was. One bad row then ends the work of all tenants.
#include <functional>
#include <string>
#include <vector>

#include "base/status_macros.h"
#include "gtest/gtest.h"
#include "tests/vault/chores/chores_world.h"
#include "vault/expiry/retention_mark.h"

namespace lethe::vault::chores {
namespace {

using test::ChoresWorld;
using test::IsOk;

class OneChain {
 public:
  explicit OneChain(OpenedVault& vault)
      : stores_(vault.stores()),
        desk_(stores_),
        data_(desk_),
        rights_(desk_, vault.erasures(), data_, [] {}),
        expiry_(stores_, vault.erasures().receipts),
        hygiene_(*stores_.journal),
        expired_rows_(stores_,
                      [this](const tenants::TenantHandle& tenant, const SubjectTag& subject) {
                        return rights_.EraseWhatEnded(tenant, subject);
                      }),
        gone_tenants_(*stores_.journal),
        chores_{stores_.doomed.ShredChore(), expiry_.SweepChore(),     hygiene_.ClearChore(),
                expired_rows_.ClearChore(),  rights_.ScheduledChore(), rights_.WalkChore(),
                gone_tenants_.ClearChore(),  hygiene_.RequestsChore()} {}

  absl::Status RunAll() {
    bool more = true;
    while (more) {
      more = false;
      for (const Chore& chore : chores_) {
        LETHE_ASSIGN(const bool more_of_it, Step(chore));
        more = more || more_of_it;
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<bool> Step(const Chore& chore) {
    Pass pass;
    Round round(stores_.clock.Now(), pass);
    LETHE_ASSIGN(const bool more, chore.step(round));
    if (!pass.bad_rows.empty()) return pass.bad_rows.begin()->second;
    LETHE_TRY(pass.failure);
    return more;
  }

  calls::Stores& stores_;
  calls::Desk desk_;
  data::DataCalls data_;
  RightsCalls rights_;
  expiry::Expiry expiry_;
  erasure::Hygiene hygiene_;
  expiry::ExpiredRows expired_rows_;
  offboarding::GoneTenants gone_tenants_;
  const std::vector<Chore> chores_;
};

class OneChainTest : public ::testing::Test {
 protected:
  // What is left of another tenant's work, after a restart, too.
  // `plant_again` is for damage that the work itself mends.
  void ExpectOthersStopped(const std::function<void()>& plant_again = [] {}) {
    world_.LetTheMonthPass();
    for (const bool restarted : {false, true}) {
      if (restarted) world_.test_vault.Restart();
      plant_again();
      EXPECT_FALSE(OneChain(*world_.test_vault).RunAll().ok());
      EXPECT_NE(world_.LeftOf(world_.globex()), "");
      EXPECT_NE(world_.LeftOfInitech(world_.emil(), "I-emil"), "");
      EXPECT_NE(world_.LeftOfUmbrella(), "");
    }
  }
  void Cut(table::Id table, const std::string& key) {
    world_.Plant(table, key, world_.CutShort(table, key));
  }

  ChoresWorld world_;
};

TEST_F(OneChainTest, DoesAllTheWorkOfAVaultWithoutDamage) {
  world_.LetTheMonthPass();
  ASSERT_THAT(OneChain(*world_.test_vault).RunAll(), IsOk());
  EXPECT_EQ(world_.LeftOf(world_.globex()), "");
  EXPECT_EQ(world_.LeftOfInitech(world_.emil(), "I-emil"), "");
  EXPECT_EQ(world_.LeftOfUmbrella(), "");
}

TEST_F(OneChainTest, EndsForAllTenantsWithADoomedRow) {
  Cut(table::kDoomed, world_.acme().doomed_row);
  ExpectOthersStopped();
}

TEST_F(OneChainTest, EndsForAllTenantsWithALeafRow) {
  Cut(table::kLeaf, world_.acme().doomed_row);
  ExpectOthersStopped();
}

TEST_F(OneChainTest, EndsForAllTenantsWithARetentionMark) {
  // The chores of today sweep on and write another mark.
  ExpectOthersStopped([this] { world_.Plant(table::kMeta, expiry::kRetentionMarkRow, "\1"); });
}

TEST_F(OneChainTest, EndsForAllTenantsWithAPeriodOfALaterVersion) {
  world_.Plant(table::kPeriod, world_.FirstKey(table::kPeriod, row_key::Tenant(world_.acme().tag)),
               "\x63");
  ExpectOthersStopped();
}

}  // namespace
}  // namespace lethe::vault::chores
