// The end of a period: who gets at what before and after, what dies, what a restriction keeps.
#include <string>
#include <variant>

#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "tests/support/vault_attacker.h"
#include "vault/expiry/retention_mark.h"
#include "vault/rows/row_schema.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::expiry {
namespace {

using test::Disk;
using test::IsOk;
using test::IsRefused;
using test::TestVault;
using test::VaultAttacker;

// Telemetry is kept for a month; this is past the end of whatever is stored now, on every calendar.
constexpr absl::Duration kMonthOver = absl::Hours(24 * 33);

class ExpiryTest : public ::testing::TestWithParam<Disk> {
 protected:
  std::size_t Rows(storage::TableId table) {
    return vault_.engine().Scan(table, {}, 10'000)->size();
  }
  std::string Report(const SubjectTag& subject) {
    auto report = vault_->rights().AccessReport(vault_.As("access"), subject);
    EXPECT_THAT(report, IsOk());
    return *test::ReadAll(**report);
  }
  std::size_t Commits() { return shredlog::LoadLogState(vault_.engine())->last_sequence; }
  void Restrict(const SubjectTag& subject) {
    ASSERT_THAT(
        vault_->rights().BeginAct(vault_.As("service"), subject, Restriction{.reason = "claim"}),
        IsOk());
  }
  void Lift(const SubjectTag& subject) {
    ASSERT_THAT(vault_->rights().EndAct(vault_.As("service"), subject,
                                        {ActKind::kRestriction, vault_.clock.Now()}),
                IsOk());
  }
  void LetTheMonthPass() {
    vault_.clock.Advance(kMonthOver);
    ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  }
  // What the root of now opens of everything this test has seen.
  bool Opens(const std::string& text) {
    return attacker_.OpenAll(vault_.CurrentRoot()).contains(text);
  }

  TestVault vault_{{.disk = GetParam()}};
  const Subject ann_ = vault_.Create("C-1");
  const Subject bob_ = vault_.Create("C-2");
  VaultAttacker attacker_{vault_.id()};
};

INSTANTIATE_TEST_SUITE_P(Disks, ExpiryTest, ::testing::Values(Disk::kMemory, Disk::kRocks),
                         [](const auto& info) {
                           return info.param == Disk::kMemory ? "Memory" : "Rocks";
                         });

TEST_P(ExpiryTest, ADayDiesInOneShredHoweverManyRecordsHangOnIt) {
  constexpr int kRecords = 300;
  for (int i = 0; i < kRecords; ++i) {
    vault_.Put(i % 2 == 0 ? ann_.tag : bob_.tag, "telemetry", absl::StrFormat(R"({"i":%d})", i));
  }
  const Record account = vault_.Put(ann_.tag, "account", R"({"a":1})");
  attacker_.AddImage(vault_.engine());
  ASSERT_TRUE(Opens(R"({"i":7})")) << "the control";
  const std::size_t entries = Commits();

  LetTheMonthPass();

  EXPECT_EQ(Commits(), entries + 2) << "PREPARED and COMMITTED, once";
  attacker_.AddImage(vault_.engine());
  for (int i = 0; i < kRecords; ++i) {
    EXPECT_FALSE(Opens(absl::StrFormat(R"({"i":%d})", i))) << i;
  }
  EXPECT_TRUE(Opens(R"({"a":1})"));
  EXPECT_THAT(vault_.Get(account, "service"), IsOk());
}

TEST_P(ExpiryTest, TheSecretLivesUntilTheEndAndNotBeyondTheNextSweep) {
  const Record record = vault_.Put(ann_.tag, "telemetry", R"({"t":1})");
  attacker_.AddImage(vault_.engine());
  vault_.clock.Advance(*record.expire_time - vault_.clock.Now() - absl::Microseconds(1));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_THAT(vault_.Get(record, "service"), IsOk());

  vault_.clock.Advance(absl::Microseconds(1));
  EXPECT_THAT(vault_.Get(record, "service"), IsRefused(Reason::kResourceNotFound));
  EXPECT_TRUE(Opens(R"({"t":1})")) << "the control: the sweep has not come by yet";
  vault_.clock.Advance(absl::Minutes(1));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_FALSE(Opens(R"({"t":1})"));
  EXPECT_THAT(vault_.Get(record, "service"), IsRefused(Reason::kResourceNotFound));
}

TEST_P(ExpiryTest, NothingIsPutIntoAShreddedPeriodOnAnyClock) {
  const absl::Time then = vault_.clock.Now();
  const Record record = vault_.Put(ann_.tag, "telemetry", "{}");
  LetTheMonthPass();
  vault_.clock.Advance(then - vault_.clock.Now());
  NewRecord late{.category = "telemetry", .data = "{}"};
  late.origin_time = then;

  for (const bool restarted : {false, true}) {
    if (restarted) vault_.Restart();
    EXPECT_THAT(vault_->data().CreateRecord(vault_.As("service"), ann_.tag, late),
                IsRefused(Reason::kRetentionOver));
    EXPECT_THAT(vault_.Get(record, "service"), IsRefused(Reason::kResourceNotFound));
  }
}

TEST_P(ExpiryTest, RowsAndCountsOfALivingSubjectFollow) {
  for (int i = 0; i < 70; ++i) vault_.Put(ann_.tag, "telemetry", "{}");
  vault_.Put(ann_.tag, "account", "{}");
  ASSERT_EQ(Rows(table::kRecord), 71u);
  LetTheMonthPass();
  EXPECT_EQ(Rows(table::kRecord), 1u);
  const auto preview = vault_->rights().EraseSubject(vault_.As("service"),
                                                     {.subject = ann_.tag, .validate_only = true});
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->records_shredded, 1);
  EXPECT_EQ(vault_->data().ListRecords(vault_.As("service"), ann_.tag, "", {})->items.size(), 1u);
}

TEST_P(ExpiryTest, TheReceiptNamesCategoriesAndNobody) {
  vault_.Put(ann_.tag, "telemetry", "{}");
  LetTheMonthPass();
  const auto rows = vault_.engine().Scan(table::kReceipt, {}, 10);
  ASSERT_EQ(rows->size(), 1u);
  const auto tag = ReceiptTag::FromBytes(AsBytes(rows->front().key).last(ReceiptTag::kBytes));
  const auto receipt = vault_->rights().GetErasure(vault_.As("service"), tag);
  ASSERT_THAT(receipt, IsOk());
  EXPECT_EQ(receipt->ground, ErasureGround::kRetentionExpired);
  EXPECT_TRUE(receipt->subject.is_none());
  EXPECT_EQ(receipt->categories_shredded, std::vector<std::string>{"telemetry"});
  EXPECT_EQ(receipt->key_commitments.size(), 1u);
  EXPECT_EQ(receipt->generation, vault_->operations().Status().generation);
}

TEST_P(ExpiryTest, AMissingPeriodIsAnAlarmAndNoReasonToDelete) {
  const Record record = vault_.Put(ann_.tag, "telemetry", "{}");
  const auto period = vault_.engine().Scan(table::kPeriod, {}, 10)->front();
  storage::Batch damage;
  damage.Delete(table::kPeriod, period.key);
  ASSERT_THAT(
      vault_->stores().journal->Commit({{}}, std::move(damage), storage::Durability::kSynced),
      IsOk());
  vault_.Put(bob_.tag, "account", "{}");
  LetTheMonthPass();
  EXPECT_EQ(Rows(table::kRecord), 2u);
  EXPECT_THAT(vault_.Get(record, "service"), IsRefused(Reason::kLeafLost));
}

TEST_P(ExpiryTest, ARestrictedRecordOutlivesItsPeriodAndDiesWithTheRestriction) {
  vault_.Put(ann_.tag, "telemetry", R"({"of":"ann"})");
  vault_.Put(bob_.tag, "telemetry", R"({"of":"bob"})");
  attacker_.AddImage(vault_.engine());
  Restrict(ann_.tag);

  LetTheMonthPass();

  EXPECT_NE(Report(ann_.tag).find(R"({"of":"ann"})"), std::string::npos);
  attacker_.AddImage(vault_.engine());
  EXPECT_TRUE(Opens(R"({"of":"ann"})"));
  EXPECT_FALSE(Opens(R"({"of":"bob"})"));
  EXPECT_EQ(Rows(table::kHold), 1u);
  vault_.Restart();
  EXPECT_NE(Report(ann_.tag).find(R"({"of":"ann"})"), std::string::npos);

  Lift(ann_.tag);
  EXPECT_FALSE(Opens(R"({"of":"ann"})")) << "the act was what held it";
  EXPECT_EQ(Report(ann_.tag).find(R"({"of":"ann"})"), std::string::npos);
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(Rows(table::kHold), 0u);
  EXPECT_EQ(Rows(table::kRecord), 0u);
}

TEST_P(ExpiryTest, ALaterRestrictionDoesNotHoldWhatAnEarlierOneHeld) {
  vault_.Put(ann_.tag, "telemetry", R"({"of":"ann"})");
  Restrict(ann_.tag);
  LetTheMonthPass();
  Lift(ann_.tag);
  Restrict(ann_.tag);
  EXPECT_EQ(Report(ann_.tag).find(R"({"of":"ann"})"), std::string::npos);
}

TEST_P(ExpiryTest, TheOwnErasureOfARestrictedPersonKillsWhatIsHeld) {
  vault_.Put(ann_.tag, "telemetry", R"({"of":"ann"})");
  Restrict(ann_.tag);
  LetTheMonthPass();
  attacker_.AddImage(vault_.engine());
  ASSERT_TRUE(Opens(R"({"of":"ann"})")) << "the control";
  ASSERT_THAT(vault_.Erase(ann_.tag, Initiator::kDataSubject), IsOk());
  EXPECT_FALSE(Opens(R"({"of":"ann"})"));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(Rows(table::kHold), 0u);
}

// Whoever cannot be held keeps the whole day alive: better a late death than a lost restriction.
TEST_P(ExpiryTest, APeriodWithARecordThatCannotBeHeldIsLeftAlone) {
  vault_.Put(ann_.tag, "telemetry", R"({"of":"ann"})");
  vault_.Put(bob_.tag, "telemetry", R"({"of":"bob"})");
  attacker_.AddImage(vault_.engine());
  Restrict(ann_.tag);
  const auto scopes = vault_.engine().Scan(
      table::kScope,
      {.prefix = row_key::Subject(vault_->stores().tenants.Find("acme")->tag, ann_.tag)}, 10);
  ASSERT_EQ(scopes->size(), 1u);
  storage::Batch damage;
  std::string broken = scopes->front().value;
  broken.back() ^= 1;
  damage.Put(table::kScope, scopes->front().key, broken);
  storage::Batch repair;
  repair.Put(table::kScope, scopes->front().key, scopes->front().value);
  Journal& journal = *vault_->stores().journal;
  ASSERT_THAT(journal.Commit({{}}, std::move(damage), storage::Durability::kSynced), IsOk());

  LetTheMonthPass();
  EXPECT_TRUE(Opens(R"({"of":"bob"})"));

  ASSERT_THAT(journal.Commit({{}}, std::move(repair), storage::Durability::kSynced), IsOk());
  vault_.clock.Advance(absl::Minutes(1));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_FALSE(Opens(R"({"of":"bob"})"));
  EXPECT_NE(Report(ann_.tag).find(R"({"of":"ann"})"), std::string::npos);
}

TEST_P(ExpiryTest, AClockBeforeTheLastSweepShredsNothing) {
  vault_.Put(ann_.tag, "telemetry", R"({"n":1})");
  LetTheMonthPass();
  const absl::Time sweep = vault_.clock.Now();
  storage::Batch later;
  expiry::PutRetentionMark(sweep + absl::Hours(24 * 365), later);
  ASSERT_THAT(
      vault_->stores().journal->Commit({{}}, std::move(later), storage::Durability::kSynced),
      IsOk());
  vault_.Put(ann_.tag, "telemetry", R"({"n":2})");
  attacker_.AddImage(vault_.engine());
  LetTheMonthPass();
  EXPECT_TRUE(Opens(R"({"n":2})")) << "the mark says that this clock stands too early";
  vault_.clock.Advance(absl::Hours(24 * 365));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_FALSE(Opens(R"({"n":2})"));
}

}  // namespace
}  // namespace lethe::vault::expiry
