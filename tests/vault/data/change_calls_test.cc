#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::data {
namespace {

using test::IsOk;
using test::IsRefused;
using test::TestVault;

class ChangeCallsTest : public ::testing::Test {
 protected:
  auto Update(const Record& record, const RecordPatch& patch, const std::string& etag = "") {
    return vault_->data().UpdateRecord(vault_.As("service"), record.subject, record.tag, etag,
                                       patch);
  }
  auto Delete(const Record& record, const std::string& etag = "") {
    return vault_->data().DeleteRecord(vault_.As("service"), record.subject, record.tag, etag);
  }
  std::size_t Doomed() { return vault_.engine().Scan(table::kDoomed, {}, 100)->size(); }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
  const Record record_ = vault_.Put(ann_.tag, "telemetry", R"({"v":1})");
};

TEST_F(ChangeCallsTest, AnUpdateIsANewVersionThatKeepsTimesAndEnd) {
  vault_.clock.Advance(absl::Hours(30));
  const auto updated = Update(record_, {.data = R"({"v":2})", .source_detail = "phone"});
  ASSERT_THAT(updated, IsOk());
  const auto got = vault_.Get(record_, "service");
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->data, R"({"v":2})");
  EXPECT_EQ(got->source_detail, "phone");
  EXPECT_EQ(got->version, 2u);
  EXPECT_EQ(got->origin_time, record_.origin_time);
  EXPECT_EQ(got->create_time, record_.create_time);
  EXPECT_EQ(got->update_time, vault_.clock.Now());
  EXPECT_EQ(got->expire_time, record_.expire_time) << "X-9: rectification moves no end";
  EXPECT_NE(got->etag, record_.etag);
  EXPECT_EQ(got->etag, updated->first.etag);
}

TEST_F(ChangeCallsTest, AStaleEtagIsRefusedAndChangesNothing) {
  ASSERT_THAT(Update(record_, {.data = R"({"v":2})"}, record_.etag), IsOk());
  EXPECT_THAT(Update(record_, {.data = R"({"v":3})"}, record_.etag),
              IsRefused(Reason::kEtagMismatch));
  EXPECT_THAT(Delete(record_, record_.etag), IsRefused(Reason::kEtagMismatch));
  EXPECT_EQ(vault_.Get(record_, "service")->data, R"({"v":2})");
}

TEST_F(ChangeCallsTest, WhatAnUpdateLeavesMustBeValidAsAWhole) {
  EXPECT_THAT(Update(record_, {.data = "plain text"}), IsRefused(Reason::kFieldInvalid));
  EXPECT_THAT(Update(record_, {.data = "plain text", .media_type = "text/plain"}), IsOk());
  EXPECT_THAT(Update(record_, {.media_type = "application/json"}),
              IsRefused(Reason::kFieldInvalid));
}

TEST_F(ChangeCallsTest, ADeletedRecordIsGone) {
  const auto death = Delete(record_);
  ASSERT_THAT(death, IsOk());
  EXPECT_EQ(death->no_later_than, vault_.clock.Now() + absl::Seconds(60));
  EXPECT_THAT(vault_.Get(record_, "service"), IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(Delete(record_), IsRefused(Reason::kResourceNotFound));
}

TEST_F(ChangeCallsTest, ReplacedLeavesAreShreddedInTimeAndOnlyThen) {
  ASSERT_THAT(Update(record_, {.data = R"({"v":2})"}), IsOk());
  EXPECT_EQ(Doomed(), 1u);
  const std::uint64_t generation = vault_->operations().Status().generation;
  vault_.clock.Advance(absl::Seconds(29));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(vault_->operations().Status().generation, generation);
  vault_.clock.Advance(absl::Seconds(1));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(vault_->operations().Status().generation, generation + 1);
  EXPECT_EQ(Doomed(), 0u);
  EXPECT_EQ(vault_.Get(record_, "service")->data, R"({"v":2})");
}

TEST_F(ChangeCallsTest, ARestartForgetsNoDoomedLeaf) {
  ASSERT_THAT(Delete(record_), IsOk());
  vault_.Restart();
  EXPECT_EQ(Doomed(), 1u);
  vault_.clock.Advance(absl::Seconds(60));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(Doomed(), 0u);
}

TEST_F(ChangeCallsTest, RepeatedRequestsChangeNothingMore) {
  const Caller updater = vault_.As("service");
  const RecordPatch patch{.data = R"({"v":2})"};
  const auto first =
      vault_->data().UpdateRecord(updater, ann_.tag, record_.tag, record_.etag, patch);
  ASSERT_THAT(first, IsOk());
  const auto again =
      vault_->data().UpdateRecord(updater, ann_.tag, record_.tag, record_.etag, patch);
  ASSERT_THAT(again, IsOk()) << "the etag of the first call is stale by now; the replay is not";
  EXPECT_EQ(again->first.version, 2u);
  EXPECT_THAT(vault_->data().UpdateRecord(updater, ann_.tag, record_.tag, record_.etag,
                                          {.data = R"({"v":3})"}),
              IsRefused(Reason::kRequestIdReused));

  const Caller deleter = vault_.As("service");
  ASSERT_THAT(vault_->data().DeleteRecord(deleter, ann_.tag, record_.tag, ""), IsOk());
  EXPECT_THAT(vault_->data().DeleteRecord(deleter, ann_.tag, record_.tag, ""), IsOk());
  EXPECT_THAT(vault_->data().DeleteRecord(deleter, ann_.tag, record_.tag, "\"x\""),
              IsRefused(Reason::kRequestIdReused));
}

TEST_F(ChangeCallsTest, WhatTheLawKeepsIsNotDeletedButMayBeCorrected) {
  const Record invoice = vault_.Put(ann_.tag, "billing", R"({"sum":1})");
  EXPECT_THAT(vault_->data().DeleteRecord(vault_.As("billing"), ann_.tag, invoice.tag, ""),
              IsRefused(Reason::kLegalRetention));
  EXPECT_THAT(vault_->data().UpdateRecord(vault_.As("billing"), ann_.tag, invoice.tag, "",
                                          {.data = R"({"sum":2})"}),
              IsOk());
}

TEST(ChangeAtOnceTest, WithoutADelayTheOldBytesAreDeadBeforeTheAnswer) {
  TestVault vault({.doomed_delay = absl::ZeroDuration()});
  const Subject ann = vault.Create("C-1");
  const Record record = vault.Put(ann.tag, "account", "{}");
  std::uint64_t generation = vault->operations().Status().generation;
  const auto updated = vault->data().UpdateRecord(vault.As("service"), ann.tag, record.tag, "",
                                                  {.data = R"({"v":2})"});
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(vault->operations().Status().generation, ++generation);
  EXPECT_LE(updated->second.no_later_than, vault.clock.Now());
  ASSERT_THAT(vault->data().DeleteRecord(vault.As("service"), ann.tag, record.tag, ""), IsOk());
  EXPECT_EQ(vault->operations().Status().generation, ++generation);
  EXPECT_TRUE(vault.engine().Scan(table::kDoomed, {}, 10)->empty());
}

}  // namespace
}  // namespace lethe::vault::data
