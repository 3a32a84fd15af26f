// Acts in force: several of a subject at once, and none that comes or goes without being set.
#include "vault/records/act_store.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/acts/restriction.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::records {
namespace {

using test::IsOk;
using test::IsRefused;
using test::TestVault;

class ActStoreTest : public ::testing::Test {
 protected:
  tenants::TenantHandle acme() { return vault_->stores().tenants.Find("acme"); }
  std::vector<storage::Row> RowsOf(const Subject& subject) {
    return *vault_.engine().Scan(
        table::kAct, {.prefix = row_key::Subject(acme()->tag, subject.tag), .after = {}}, 10);
  }
  void Write(storage::Batch change) {
    ASSERT_THAT(vault_->stores().journal->Commit({audit::Event{}}, std::move(change),
                                                 storage::Durability::kSynced),
                IsOk());
  }
  void Restrict(const Subject& subject) {
    ASSERT_THAT(vault_->rights().BeginAct(vault_.As("service"), subject.tag,
                                          Restriction{.reason = "claim"}),
                IsOk());
  }
  // A second restriction beside the first: no call sets one yet.
  void RestrictAgain(const Subject& subject) {
    auto& stores = vault_->stores();
    const tenants::TenantHandle tenant = acme();
    auto open = stores.subjects.Load(*tenant, subject.tag);
    ASSERT_THAT(open, IsOk());
    Change change;
    ASSERT_THAT(stores.acts.Add(*open, ActKind::kRestriction, acts::TextOf({.reason = "again"}),
                                vault_.clock.Now(), change),
                IsOk());
    stores.subjects.Put(*open, change.batch);
    Write(std::move(change.batch));
  }
  absl::StatusOr<Subject> Lift(const Subject& subject) {
    return vault_->rights().EndAct(vault_.As("service"), subject.tag,
                                   {ActKind::kRestriction, vault_.clock.Now()});
  }
  std::string Report(const Subject& subject) {
    auto report = vault_->rights().AccessReport(vault_.As("access"), subject.tag);
    EXPECT_THAT(report, IsOk());
    return report.ok() ? *test::ReadAll(**report) : std::string();
  }
  // What every way of reading answers.
  std::vector<absl::Status> ReadAllWays(const Subject& subject, const Record& record) {
    return {vault_->data().GetSubject(vault_.As("service"), subject.tag).status(),
            vault_->data().GetSubject(vault_.As("service"), test::CustomerNumber("C-1")).status(),
            vault_.Get(record, "service").status(),
            vault_->data().ListRecords(vault_.As("service"), subject.tag, "", {}).status(),
            vault_->data().ListSubjects(vault_.As("service"), {}).status(),
            vault_->rights().ExportSubject(vault_.As("service"), subject.tag).status(),
            vault_->rights().AccessReport(vault_.As("access"), subject.tag).status()};
  }
  void ExpectNothingIsRead() {
    for (const bool restarted : {false, true}) {
      if (restarted) vault_.Restart();
      for (const absl::Status& status : ReadAllWays(ann_, record_)) {
        EXPECT_TRUE(absl::IsDataLoss(status)) << status;
      }
      EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), bob_.tag), IsOk())
          << "the control";
    }
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
  const Subject bob_ = vault_.Create("C-2");
  const Record record_ = vault_.Put(ann_.tag, "account", R"({"of":"ann"})");
};

TEST_F(ActStoreTest, SeveralAreInForceUntilTheLastIsLifted) {
  Restrict(ann_);
  RestrictAgain(ann_);
  EXPECT_EQ(RowsOf(ann_).size(), 2u);
  EXPECT_TRUE(RowsOf(bob_).empty());
  vault_.Restart();
  EXPECT_THAT(vault_.Get(record_, "service"), IsRefused(Reason::kProcessingRestricted));

  ASSERT_THAT(Lift(ann_), IsOk());
  EXPECT_TRUE(vault_->data().GetSubject(vault_.As("service"), ann_.tag)->restricted);
  EXPECT_EQ(RowsOf(ann_).size(), 1u);
  ASSERT_THAT(Lift(ann_), IsOk());
  EXPECT_THAT(vault_.Get(record_, "service"), IsOk());
  EXPECT_THAT(Lift(ann_), IsRefused(Reason::kNotRestricted));
}

TEST_F(ActStoreTest, TheFirstHoldsWhatOutlivesItsPeriod) {
  vault_.Put(ann_.tag, "telemetry", R"({"held":1})");
  Restrict(ann_);
  RestrictAgain(ann_);
  vault_.clock.Advance(absl::Hours(24 * 33));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_NE(Report(ann_).find(R"({"held":1})"), std::string::npos);

  ASSERT_THAT(Lift(ann_), IsOk());
  EXPECT_EQ(Report(ann_).find(R"({"held":1})"), std::string::npos) << "the second held nothing";
  EXPECT_NE(Report(ann_).find(R"({"of":"ann"})"), std::string::npos);
}

TEST_F(ActStoreTest, ThePersonsOwnEraseEndsThemAll) {
  vault_.Put(ann_.tag, "billing", "{}");
  Restrict(ann_);
  RestrictAgain(ann_);
  const auto erasure = vault_.Erase(ann_.tag, Initiator::kDataSubject);
  ASSERT_THAT(erasure, IsOk());
  EXPECT_EQ(erasure->withheld.size(), 1u) << "control: the subject's own leaf lives on";
  EXPECT_TRUE(RowsOf(ann_).empty());
  EXPECT_FALSE(vault_->data().GetSubject(vault_.As("tax"), ann_.tag)->restricted);
}

TEST_F(ActStoreTest, OneThatIsDeletedIsNoFreedom) {
  Restrict(ann_);
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann_.tag), IsOk()) << "the control";
  storage::Batch change;
  change.Delete(table::kAct, RowsOf(ann_)[0].key);
  Write(std::move(change));
  ExpectNothingIsRead();
}

TEST_F(ActStoreTest, OneOfAnotherPersonIsFoundOut) {
  Restrict(bob_);
  const std::string key = RowsOf(bob_)[0].key;
  storage::Batch change;
  change.Put(
      table::kAct,
      row_key::Act(acme()->tag, ann_.tag, ActTag::FromBytes(AsBytes(key).last(ActTag::kBytes))),
      RowsOf(bob_)[0].value);
  Write(std::move(change));
  ExpectNothingIsRead();
}

TEST_F(ActStoreTest, TwoThatAreSwappedAreFoundOut) {
  Restrict(ann_);
  RestrictAgain(ann_);
  const auto rows = RowsOf(ann_);
  storage::Batch change;
  change.Put(table::kAct, rows[0].key, rows[1].value);
  change.Put(table::kAct, rows[1].key, rows[0].value);
  Write(std::move(change));
  ExpectNothingIsRead();
}

TEST_F(ActStoreTest, OneThatWasLiftedDoesNotComeBack) {
  Restrict(ann_);
  const storage::Row lifted = RowsOf(ann_)[0];
  ASSERT_THAT(Lift(ann_), IsOk());
  EXPECT_THAT(vault_.Get(record_, "service"), IsOk()) << "the control";
  storage::Batch change;
  change.Put(table::kAct, lifted.key, lifted.value);
  Write(std::move(change));
  ExpectNothingIsRead();
}

// The control of all of the above: what opens is not enough, the header must know it.
TEST_F(ActStoreTest, AHeaderThatDoesNotKnowAnActRefusesIt) {
  const auto header = vault_.engine().Get(table::kSubject, row_key::Subject(acme()->tag, ann_.tag));
  Restrict(ann_);
  storage::Batch change;
  change.Put(table::kSubject, row_key::Subject(acme()->tag, ann_.tag), *header);
  Write(std::move(change));
  ExpectNothingIsRead();
}

}  // namespace
}  // namespace lethe::vault::records
