#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::erasure {
namespace {

using test::CustomerNumber;
using test::Disk;
using test::IsOk;
using test::IsRefused;
using test::TestVault;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class EraseCallsTest : public ::testing::TestWithParam<Disk> {
 protected:
  std::size_t Rows(storage::TableId table) {
    return vault_.engine().Scan(table, {}, 10'000)->size();
  }
  absl::StatusOr<Subject> Lookup(const std::string& number, const std::string& purpose) {
    return vault_->data().GetSubject(vault_.As(purpose), CustomerNumber(number));
  }

  TestVault vault_{{.disk = GetParam()}};
  const Subject ann_ = vault_.Create("C-1");
  const Subject bob_ = vault_.Create("C-2");
};

INSTANTIATE_TEST_SUITE_P(Disks, EraseCallsTest, ::testing::Values(Disk::kMemory, Disk::kRocks),
                         [](const auto& info) {
                           return info.param == Disk::kMemory ? "Memory" : "Rocks";
                         });

TEST_P(EraseCallsTest, NothingWithheldMeansNothingIsLeft) {
  const Record account = vault_.Put(ann_.tag, "account", "{}");
  const Record telemetry = vault_.Put(ann_.tag, "telemetry", "{}");
  const Record neighbour = vault_.Put(bob_.tag, "account", "{}");
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  EXPECT_EQ(erasure->records_shredded, 2);
  EXPECT_EQ(erasure->identifiers_shredded, 1);
  EXPECT_THAT(erasure->categories_shredded, UnorderedElementsAre("account", "telemetry"));
  EXPECT_TRUE(erasure->withheld.empty());
  EXPECT_EQ(erasure->key_commitments.size(), 3u) << "two categories and the subject: the fewest";
  EXPECT_EQ(erasure->generation, vault_->operations().Status().generation);
  EXPECT_EQ(erasure->assurance, Assurance::kTest);

  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann_.tag),
              IsRefused(Reason::kSubjectErased));
  EXPECT_THAT(vault_.Get(account, "service"), IsRefused(Reason::kSubjectErased));
  EXPECT_THAT(vault_.Get(telemetry, "service"), IsRefused(Reason::kSubjectErased));
  EXPECT_THAT(vault_->rights().AccessReport(vault_.As("access"), ann_.tag),
              IsRefused(Reason::kSubjectErased));
  EXPECT_THAT(vault_.Erase(ann_.tag), IsRefused(Reason::kSubjectErased));
  EXPECT_THAT(Lookup("C-1", "service"), IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(Lookup("C-1", "tax"), IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(vault_.Get(neighbour, "service"), IsOk());
}

TEST_P(EraseCallsTest, WhatTheLawKeepsStaysForItsDutyAlone) {
  const std::vector<Identifier> more = {{"email", "ann@example.org"}};
  ASSERT_THAT(vault_->data().AddIdentifier(vault_.As("service"), ann_.tag, more[0]), IsOk());
  const Record account = vault_.Put(ann_.tag, "account", "{}");
  const Record invoice = vault_.Put(ann_.tag, "billing", R"({"sum":7})");
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  EXPECT_THAT(erasure->categories_shredded, ElementsAre("account"));
  EXPECT_EQ(erasure->identifiers_shredded, 1) << "the e-mail; the customer number serves the duty";
  ASSERT_EQ(erasure->withheld.size(), 1u);
  EXPECT_EQ(erasure->withheld[0].category, "billing");
  EXPECT_EQ(erasure->withheld[0].reference, "IT d.P.R. 600/1973 Art. 22");
  EXPECT_EQ(erasure->withheld[0].record_count, 1);
  EXPECT_EQ(erasure->withheld[0].until, invoice.expire_time);

  EXPECT_THAT(vault_.Get(account, "service"), IsRefused(Reason::kSubjectErased));
  EXPECT_THAT(vault_.Get(invoice, "billing"), IsRefused(Reason::kSubjectErased));
  const auto for_tax = vault_.Get(invoice, "tax");
  ASSERT_THAT(for_tax, IsOk());
  EXPECT_EQ(for_tax->data, R"({"sum":7})");
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann_.tag),
              IsRefused(Reason::kSubjectErased));
  EXPECT_EQ(vault_->data().GetSubject(vault_.As("tax"), ann_.tag)->state,
            SubjectState::kPartiallyErased);
  EXPECT_EQ(vault_->data().ListSubjects(vault_.As("tax"), {})->items.size(), 2u);
  EXPECT_EQ(vault_->data().ListSubjects(vault_.As("service"), {})->items.size(), 1u);
}

TEST_P(EraseCallsTest, AfterAPartialEraseIdentifiersAnswerByPurpose) {
  ASSERT_THAT(vault_->data().AddIdentifier(vault_.As("service"), ann_.tag, {"email", "a@b.c"}),
              IsOk());
  vault_.Put(ann_.tag, "billing", "{}");
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  for (const bool restarted : {false, true}) {
    if (restarted) vault_.Restart();
    EXPECT_THAT(Lookup("C-1", "service"), IsRefused(Reason::kResourceNotFound));
    const auto for_tax = Lookup("C-1", "tax");
    ASSERT_THAT(for_tax, IsOk());
    EXPECT_EQ(for_tax->tag, ann_.tag);
    EXPECT_THAT(vault_->data().GetSubject(vault_.As("tax"), Identifier{"email", "a@b.c"}),
                IsRefused(Reason::kResourceNotFound));
    EXPECT_THAT(vault_->rights().AccessReport(vault_.As("access"), CustomerNumber("C-1")), IsOk());
  }
  const Subject second_life = vault_.Create("C-1");
  EXPECT_NE(second_life.tag, ann_.tag);
  EXPECT_EQ(Lookup("C-1", "service")->tag, second_life.tag);
}

TEST_P(EraseCallsTest, APreviewCountsAndChangesNothing) {
  vault_.Put(ann_.tag, "account", "{}");
  vault_.Put(ann_.tag, "billing", "{}");
  vault_.Put(ann_.tag, "billing", "{}");
  const std::uint64_t generation = vault_->operations().Status().generation;
  const auto preview = vault_->rights().EraseSubject(vault_.As("service"),
                                                     {.subject = ann_.tag, .validate_only = true});
  ASSERT_THAT(preview, IsOk());
  EXPECT_TRUE(preview->receipt.is_none());
  EXPECT_EQ(vault_->operations().Status().generation, generation);
  EXPECT_THAT(Lookup("C-1", "service"), IsOk());

  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  EXPECT_EQ(preview->records_shredded, erasure->records_shredded);
  EXPECT_EQ(preview->identifiers_shredded, erasure->identifiers_shredded);
  EXPECT_EQ(preview->categories_shredded, erasure->categories_shredded);
  ASSERT_EQ(preview->withheld.size(), 1u);
  EXPECT_EQ(preview->withheld[0].record_count, erasure->withheld[0].record_count);
  EXPECT_EQ(preview->withheld[0].until, erasure->withheld[0].until);
}

TEST_P(EraseCallsTest, EndedRecordsOfADutyAreNotCountedAsWithheld) {
  NewRecord old{.category = "billing", .data = "{}"};
  old.origin_time = vault_.clock.Now() - absl::Hours(24 * 3'600);
  ASSERT_THAT(vault_->data().CreateRecord(vault_.As("billing"), ann_.tag, old), IsOk());
  vault_.Put(ann_.tag, "billing", "{}");
  vault_.clock.Advance(absl::Hours(24 * 100));
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  ASSERT_EQ(erasure->withheld.size(), 1u);
  EXPECT_EQ(erasure->withheld[0].record_count, 1);
}

TEST_P(EraseCallsTest, ADutyThatIsOverKeepsNothing) {
  vault_.Put(ann_.tag, "billing", "{}");
  vault_.clock.Advance(absl::Hours(24 * 366 * 10 + 24));
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  EXPECT_TRUE(erasure->withheld.empty());
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("tax"), ann_.tag),
              IsRefused(Reason::kSubjectErased));
}

TEST_P(EraseCallsTest, ASecondEraseOfWhatIsWithheldFindsNothingMore) {
  vault_.Put(ann_.tag, "billing", "{}");
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  const auto second = vault_.Erase(ann_.tag);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->records_shredded, 0);
  EXPECT_EQ(second->withheld.size(), 1u);
  EXPECT_TRUE(second->key_commitments.empty());
}

TEST_P(EraseCallsTest, AStaleEtagErasesNothing) {
  vault_.Put(ann_.tag, "account", "{}");
  EXPECT_THAT(
      vault_->rights().EraseSubject(vault_.As("service"), {.subject = ann_.tag, .etag = ann_.etag}),
      IsRefused(Reason::kEtagMismatch));
  const std::string etag = Lookup("C-1", "service")->etag;
  EXPECT_THAT(
      vault_->rights().EraseSubject(vault_.As("service"), {.subject = ann_.tag, .etag = etag}),
      IsOk());
}

TEST_P(EraseCallsTest, HygieneClearsDeadRowsAndNoOthersAlsoAfterARestart) {
  for (int i = 0; i < 200; ++i) vault_.Put(ann_.tag, "account", "{}");
  const Record invoice = vault_.Put(ann_.tag, "billing", "{}");
  const Record neighbour = vault_.Put(bob_.tag, "account", "{}");
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  EXPECT_EQ(Rows(table::kRecord), 202u) << "the erase itself reads and deletes none of them";
  vault_.Restart();
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(Rows(table::kRecord), 2u);
  EXPECT_THAT(vault_.Get(invoice, "tax"), IsOk());
  EXPECT_THAT(vault_.Get(neighbour, "service"), IsOk());
  ASSERT_THAT(vault_.Erase(bob_.tag), IsOk());
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(Rows(table::kRecord), 1u);
  EXPECT_EQ(vault_.engine().Scan(table::kMeta, {.prefix = "hygiene."}, 10)->size(), 0u);
}

TEST_P(EraseCallsTest, NoKeyOfTheErasedStaysInMemory) {
  vault_.Put(ann_.tag, "account", "{}");
  vault_.Put(bob_.tag, "account", "{}");
  calls::Stores& stores = vault_->stores();
  const auto leaves_of = [&](const Subject& subject) {
    const auto opened = stores.subjects.Load(*stores.tenants.Find("acme"), subject.tag);
    EXPECT_THAT(opened, IsOk());
    const auto scopes = stores.scopes.All(*opened);
    EXPECT_THAT(stores.scopes.KeyOf(*opened, scopes->front()), IsOk());
    return std::vector<keytree::Place>{opened->leaf, scopes->front().leaf};
  };
  const auto anns = leaves_of(ann_);
  const auto bobs = leaves_of(bob_);
  for (const keytree::Place& leaf : anns) ASSERT_FALSE(stores.cache.Find(leaf).empty());
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  for (const keytree::Place& leaf : anns) EXPECT_TRUE(stores.cache.Find(leaf).empty());
  for (const keytree::Place& leaf : bobs) EXPECT_FALSE(stores.cache.Find(leaf).empty());
}

TEST_P(EraseCallsTest, ASilentHolderErasesNothing) {
  const Record record = vault_.Put(ann_.tag, "account", "{}");
  vault_.slots()->before_read = [] { return absl::UnavailableError("silent"); };
  EXPECT_THAT(vault_.Erase(ann_.tag), IsRefused(Reason::kHolderUnreachable));
  EXPECT_THAT(vault_.Get(record, "service"), IsOk());
  EXPECT_THAT(Lookup("C-1", "service"), IsOk());
  vault_.slots()->before_read = [] { return absl::OkStatus(); };
  EXPECT_THAT(vault_.Erase(ann_.tag), IsOk());
}

}  // namespace
}  // namespace lethe::vault::erasure
