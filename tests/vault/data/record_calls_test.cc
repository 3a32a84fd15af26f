#include <map>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/model/limits.h"

namespace lethe::vault::data {
namespace {

using test::CustomerNumber;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

class RecordCallsTest : public ::testing::Test {
 protected:
  absl::StatusOr<Page<Record>> List(const std::string& category, const PageRequest& page = {},
                                    const std::string& purpose = "service") {
    return vault_->data().ListRecords(vault_.As(purpose), ann_.tag, category, page);
  }
  static NewRecord New(const std::string& category, const std::string& data = R"({"a":1})") {
    return {.category = category, .data = data};
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
};

TEST_F(RecordCallsTest, WhatIsPutIsReadBack) {
  NewRecord record = New("account", R"({"name":"Zoë","tags":["x"]})");
  record.source = Source::kObserved;
  record.source_detail = "web form";
  record.origin_time = vault_.clock.Now() - absl::Hours(1);
  const auto put = vault_->data().CreateRecord(vault_.As("service"), CustomerNumber("C-1"), record);
  ASSERT_THAT(put, IsOk());
  vault_.clock.Advance(absl::Minutes(1));
  const auto got = vault_.Get(*put, "support");
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->data, record.data);
  EXPECT_EQ(got->category, "account");
  EXPECT_EQ(got->media_type, "application/json");
  EXPECT_EQ(got->source, Source::kObserved);
  EXPECT_EQ(got->source_detail, "web form");
  EXPECT_EQ(got->origin_time, *record.origin_time);
  EXPECT_EQ(got->create_time, got->update_time);
  EXPECT_EQ(got->version, 1u);
  EXPECT_EQ(got->expire_time, std::nullopt) << "its clock has not started";
  EXPECT_EQ(got->etag, put->etag);
}

TEST_F(RecordCallsTest, ARecordWhoseCategoryCountsFromCreationSaysItsEnd) {
  const Record telemetry = vault_.Put(ann_.tag, "telemetry", "{}");
  ASSERT_TRUE(telemetry.expire_time.has_value());
  const auto got = vault_.Get(telemetry, "service");
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->expire_time, telemetry.expire_time);
}

TEST_F(RecordCallsTest, FromItsEndOnARecordIsNotRead) {
  const Record telemetry = vault_.Put(ann_.tag, "telemetry", "{}");
  vault_.clock.Advance(*telemetry.expire_time - vault_.clock.Now() - absl::Microseconds(1));
  EXPECT_THAT(vault_.Get(telemetry, "service"), IsOk());
  vault_.clock.Advance(absl::Microseconds(1));
  EXPECT_THAT(vault_.Get(telemetry, "service"), IsRefused(Reason::kResourceNotFound));
  EXPECT_EQ(List("telemetry")->items.size(), 0u);
}

TEST_F(RecordCallsTest, ALateRecordIsRefused) {
  NewRecord late = New("telemetry");
  late.origin_time = vault_.clock.Now() - absl::Hours(24 * 40);
  EXPECT_THAT(vault_->data().CreateRecord(vault_.As("service"), ann_.tag, late),
              IsRefused(Reason::kRetentionOver));
  EXPECT_EQ(List("")->items.size(), 0u);
}

TEST_F(RecordCallsTest, RefusesWhatThePolicyDoesNotKnowOrAllow) {
  EXPECT_THAT(vault_->data().CreateRecord(vault_.As("service"), ann_.tag, New("gossip")),
              IsRefused(Reason::kCategoryUnknown));
  EXPECT_THAT(vault_->data().CreateRecord(vault_.As("service"), ann_.tag, New("billing")),
              IsRefused(Reason::kPurposeNotAllowed));
  EXPECT_THAT(vault_->data().CreateRecord(vault_.As("ads"), ann_.tag, New("account")),
              IsRefused(Reason::kPurposeNotAllowed));
  EXPECT_THAT(vault_->data().CreateRecord(vault_.As("service"), ann_.tag, New("account", "[]")),
              IsRefused(Reason::kFieldInvalid));
  const Record billing = vault_.Put(ann_.tag, "billing", "{}");
  EXPECT_THAT(vault_.Get(billing, "service"), IsRefused(Reason::kPurposeNotAllowed));
}

TEST_F(RecordCallsTest, ARecordOfAnotherSubjectIsNotFound) {
  const Subject bob = vault_.Create("C-2");
  Record record = vault_.Put(ann_.tag, "account", "{}");
  record.subject = bob.tag;
  EXPECT_THAT(vault_.Get(record, "service"), IsRefused(Reason::kResourceNotFound));
}

TEST_F(RecordCallsTest, ListsWhatThePurposeMayReadAndNoMore) {
  vault_.Put(ann_.tag, "account", R"({"n":1})");
  vault_.Put(ann_.tag, "telemetry", R"({"n":2})");
  vault_.Put(ann_.tag, "billing", R"({"n":3})");
  vault_.Put(ann_.tag, "support", R"({"n":4})");
  const auto names = [&](const std::string& category, const std::string& purpose) {
    std::multiset<std::string> found;
    const auto page = List(category, {}, purpose);
    EXPECT_THAT(page, IsOk());
    for (const Record& record : page->items) found.insert(record.category);
    return found;
  };
  EXPECT_EQ(names("", "service"), (std::multiset<std::string>{"account", "telemetry"}));
  EXPECT_EQ(names("", "support"), (std::multiset<std::string>{"account", "support"}));
  EXPECT_EQ(names("", "tax"), (std::multiset<std::string>{"billing"}));
  EXPECT_EQ(names("account", "service"), (std::multiset<std::string>{"account"}));
  EXPECT_THAT(List("billing"), IsRefused(Reason::kPurposeNotAllowed));
  EXPECT_THAT(List("gossip"), IsRefused(Reason::kCategoryUnknown));
}

TEST_F(RecordCallsTest, EveryPageTogetherIsEveryRecordOnce) {
  std::map<RecordTag, std::string> made;
  for (int i = 0; i < 45; ++i) {
    const std::string data = R"({"n":)" + std::to_string(i) + "}";
    made[vault_.Put(ann_.tag, i % 3 == 0 ? "telemetry" : "account", data).tag] = data;
  }
  for (const std::int32_t size : {1, 15, 16, 17, 44, 45, 46, 0}) {
    std::map<RecordTag, std::string> seen;
    PageRequest page{.size = size};
    do {
      const auto answer = List("", page);
      ASSERT_THAT(answer, IsOk());
      for (const Record& record : answer->items) seen[record.tag] = record.data;
      page.token = answer->next_page_token;
    } while (!page.token.empty());
    EXPECT_EQ(seen, made) << "page size " << size;
  }
}

TEST_F(RecordCallsTest, APageEndsBeforeItGrowsTooLarge) {
  const std::string large = R"({"x":")" + std::string(900'000, 'x') + R"("})";
  for (int i = 0; i < 5; ++i) vault_.Put(ann_.tag, "account", large);
  PageRequest page{.size = 1'000};
  std::size_t seen = 0;
  do {
    const auto answer = List("", page);
    ASSERT_THAT(answer, IsOk());
    std::size_t bytes = 0;
    for (const Record& record : answer->items) bytes += record.data.size();
    EXPECT_LE(bytes, limits::kPageBytesMax);
    seen += answer->items.size();
    page.token = answer->next_page_token;
  } while (!page.token.empty());
  EXPECT_EQ(seen, 5u);
}

TEST_F(RecordCallsTest, AListingThatTheSubjectOutranBeginsAnew) {
  for (int i = 0; i < 3; ++i) vault_.Put(ann_.tag, "account", "{}");
  const auto page = List("", {.size = 1});
  ASSERT_THAT(page, IsOk());
  vault_.Put(ann_.tag, "account", "{}");
  EXPECT_THAT(List("", {.size = 1, .token = page->next_page_token}),
              IsRefused(Reason::kConcurrentChange));
}

TEST_F(RecordCallsTest, ARepeatedRequestMakesNothingMore) {
  const Caller caller = vault_.As("service");
  const auto first = vault_->data().CreateRecord(caller, ann_.tag, New("account"));
  const auto second = vault_->data().CreateRecord(caller, ann_.tag, New("account"));
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->tag, second->tag);
  EXPECT_EQ(List("")->items.size(), 1u);
  EXPECT_THAT(vault_->data().CreateRecord(caller, ann_.tag, New("account", R"({"a":2})")),
              IsRefused(Reason::kRequestIdReused));
  EXPECT_THAT(vault_->data().CreateRecord(caller, ann_.tag, New("telemetry")),
              IsRefused(Reason::kRequestIdReused));
  vault_.Restart();
  EXPECT_EQ(vault_->data().CreateRecord(caller, ann_.tag, New("account"))->tag, first->tag);
}

TEST_F(RecordCallsTest, TheChangeCounterGrowsWithEveryChange) {
  const auto counter = [&] {
    return vault_->data().GetSubject(vault_.As("service"), ann_.tag)->change_counter;
  };
  EXPECT_EQ(counter(), 1u);
  const Record record = vault_.Put(ann_.tag, "account", "{}");
  EXPECT_EQ(counter(), 2u);
  ASSERT_THAT(vault_.Get(record, "service"), IsOk());
  EXPECT_EQ(counter(), 2u) << "a read changes nothing";
}

TEST_F(RecordCallsTest, ACallAfterItsDeadlineDoesNothing) {
  Caller late = vault_.As("service");
  late.deadline = vault_.clock.Now() - absl::Microseconds(1);
  EXPECT_THAT(vault_->data().CreateRecord(late, ann_.tag, New("account")),
              IsRefused(Reason::kDeadlinePassed));
  EXPECT_EQ(List("")->items.size(), 0u);
}

}  // namespace
}  // namespace lethe::vault::data
