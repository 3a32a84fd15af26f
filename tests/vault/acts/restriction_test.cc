#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::acts {
namespace {

using test::CustomerNumber;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

class RestrictionCallsTest : public ::testing::Test {
 protected:
  auto Restrict(const Caller& caller, const std::string& reason = "address contested") {
    return vault_->rights().BeginAct(
        caller, ann_.tag,
        Restriction{.ground = RestrictionGround::kAccuracyContested, .reason = reason});
  }
  auto Lift(absl::Time informed) {
    return vault_->rights().EndAct(vault_.As("service"), ann_.tag,
                                   {ActKind::kRestriction, informed});
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
  const Record record_ = vault_.Put(ann_.tag, "account", "{}");
};

TEST_F(RestrictionCallsTest, FromTheAnswerOnNothingButStorageAndOwnAccess) {
  const auto restricted = Restrict(vault_.As("service"));
  ASSERT_THAT(restricted, IsOk());
  EXPECT_EQ(restricted->state, SubjectState::kRestricted);
  EXPECT_TRUE(restricted->restricted);

  const auto refused = IsRefused(Reason::kProcessingRestricted);
  EXPECT_THAT(vault_.Get(record_, "service"), refused);
  EXPECT_THAT(vault_->data().ListRecords(vault_.As("service"), ann_.tag, "", {}), refused);
  EXPECT_THAT(vault_->data().CreateRecord(vault_.As("service"), ann_.tag,
                                          {.category = "account", .data = "{}"}),
              refused);
  EXPECT_THAT(
      vault_->data().UpdateRecord(vault_.As("service"), ann_.tag, record_.tag, "", {.data = "{}"}),
      refused);
  EXPECT_THAT(vault_->data().DeleteRecord(vault_.As("service"), ann_.tag, record_.tag, ""),
              refused);
  EXPECT_THAT(vault_->data().AddIdentifier(vault_.As("service"), ann_.tag, {"email", "a"}),
              refused);
  EXPECT_THAT(vault_->rights().ExportSubject(vault_.As("service"), ann_.tag), refused);
  EXPECT_THAT(vault_.Erase(ann_.tag), refused) << "X-3: the controller's own erase";
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), CustomerNumber("C-1")), IsOk());

  auto report = vault_->rights().AccessReport(vault_.As("access"), ann_.tag);
  ASSERT_THAT(report, IsOk());
  const auto text = test::ReadAll(**report);
  ASSERT_THAT(text, IsOk());
  EXPECT_NE(text->find("address contested"), std::string::npos);
}

TEST_F(RestrictionCallsTest, LiftingNeedsThePersonInformed) {
  EXPECT_THAT(Lift(vault_.clock.Now()), IsRefused(Reason::kNotRestricted));
  ASSERT_THAT(Restrict(vault_.As("service")), IsOk());
  EXPECT_THAT(Lift(absl::InfinitePast()), IsRefused(Reason::kFieldRequired));
  EXPECT_THAT(Lift(vault_.clock.Now() + absl::Hours(1)), IsRefused(Reason::kFieldInvalid));
  const std::uint64_t generation = vault_->operations().Status().generation;
  const auto lifted = Lift(vault_.clock.Now());
  ASSERT_THAT(lifted, IsOk());
  EXPECT_EQ(lifted->state, SubjectState::kActive);
  EXPECT_GT(vault_->operations().Status().generation, generation)
      << "what was written about it is shredded";
  EXPECT_TRUE(vault_.engine().Scan(table::kAct, {}, 10)->empty());
  EXPECT_THAT(vault_.Get(record_, "service"), IsOk());
}

TEST_F(RestrictionCallsTest, ASecondRestrictionWaitsForTheFirst) {
  ASSERT_THAT(Restrict(vault_.As("service")), IsOk());
  EXPECT_THAT(Restrict(vault_.As("service")), IsRefused(Reason::kProcessingRestricted));
}

TEST_F(RestrictionCallsTest, ARepeatedRequestChangesNothingMore) {
  const Caller caller = vault_.As("service");
  ASSERT_THAT(Restrict(caller), IsOk());
  EXPECT_THAT(Restrict(caller), IsOk());
  EXPECT_THAT(Restrict(caller, "another reason"), IsRefused(Reason::kRequestIdReused));
  const Caller lifter = vault_.As("service");
  const absl::Time informed = vault_.clock.Now();
  ASSERT_THAT(vault_->rights().EndAct(lifter, ann_.tag, {ActKind::kRestriction, informed}), IsOk());
  EXPECT_THAT(vault_->rights().EndAct(lifter, ann_.tag, {ActKind::kRestriction, informed}), IsOk());
  EXPECT_THAT(
      vault_->rights().EndAct(lifter, ann_.tag, {ActKind::kRestriction, informed - absl::Hours(1)}),
      IsRefused(Reason::kRequestIdReused));
  EXPECT_THAT(Restrict(caller), IsOk()) << "the replay of the first does not restrict again";
  EXPECT_FALSE(vault_->data().GetSubject(vault_.As("service"), ann_.tag)->restricted);
}

TEST_F(RestrictionCallsTest, SurvivesARestart) {
  ASSERT_THAT(Restrict(vault_.As("service")), IsOk());
  vault_.Restart();
  EXPECT_THAT(vault_.Get(record_, "service"), IsRefused(Reason::kProcessingRestricted));
}

TEST_F(RestrictionCallsTest, ThePersonsOwnEraseEndsIt) {
  ASSERT_THAT(Restrict(vault_.As("service")), IsOk());
  EXPECT_THAT(vault_.Erase(ann_.tag, Initiator::kDataSubject), IsOk());
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann_.tag),
              IsRefused(Reason::kSubjectErased));
}

}  // namespace
}  // namespace lethe::vault::acts
