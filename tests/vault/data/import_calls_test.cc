#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"

namespace lethe::vault::data {
namespace {

using test::CustomerNumber;
using test::Disk;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

class ImportCallsTest : public ::testing::Test {
 protected:
  ImportItem Line(const SubjectRef& subject, const std::string& data = "{}",
                  const std::string& category = "account") {
    return {.subject = subject,
            .identifiers = {},
            .record = {.category = category, .data = data},
            .request_id = RowTag::Draw(vault_.random).ToString()};
  }
  auto Import(const std::vector<ImportItem>& lines) {
    return vault_->data().Import(vault_.As("service"), lines);
  }

  TestVault vault_{{.disk = Disk::kRocks}};
};

TEST_F(ImportCallsTest, AnUnknownIdentifierMakesASubjectAndAKnownOneUsesIt) {
  ImportItem first = Line(CustomerNumber("C-1"), R"({"n":1})");
  first.identifiers = {{"email", "a@b.c"}};
  const auto results =
      Import({first, Line(CustomerNumber("C-1"), R"({"n":2})"), Line(CustomerNumber("C-2"))});
  ASSERT_EQ(results.size(), 3u);
  for (const auto& result : results) ASSERT_THAT(result, IsOk());
  EXPECT_EQ(results[0]->subject, results[1]->subject);
  EXPECT_NE(results[0]->subject, results[2]->subject);
  EXPECT_EQ(vault_->data().GetSubject(vault_.As("service"), Identifier{"email", "a@b.c"})->tag,
            results[0]->subject);
  EXPECT_EQ(
      vault_->data().ListRecords(vault_.As("service"), CustomerNumber("C-1"), "", {})->items.size(),
      2u);
}

TEST_F(ImportCallsTest, ARepeatedLineIsHarmless) {
  const std::vector<ImportItem> lines = {Line(CustomerNumber("C-1")), Line(CustomerNumber("C-2"))};
  const auto first = Import(lines);
  vault_.Restart();
  const auto second = Import(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    ASSERT_THAT(first[i], IsOk());
    ASSERT_THAT(second[i], IsOk());
    EXPECT_FALSE(first[i]->already_there);
    EXPECT_TRUE(second[i]->already_there);
    EXPECT_EQ(first[i]->record, second[i]->record);
    EXPECT_EQ(first[i]->subject, second[i]->subject);
  }
}

TEST_F(ImportCallsTest, ABadLineStopsNoOtherAndLeavesNoSubjectBehind) {
  const auto results =
      Import({Line(CustomerNumber("C-1"), "not json"), Line(CustomerNumber("C-2"), "{}", "gossip"),
              Line(CustomerNumber("C-3"), "{}", "billing"), Line(CustomerNumber("C-4"))});
  EXPECT_THAT(results[0], IsRefused(Reason::kFieldInvalid));
  EXPECT_THAT(results[1], IsRefused(Reason::kCategoryUnknown));
  EXPECT_THAT(results[2], IsRefused(Reason::kPurposeNotAllowed));
  EXPECT_THAT(results[3], IsOk());
  EXPECT_EQ(vault_->data().ListSubjects(vault_.As("service"), {})->items.size(), 1u);
}

TEST_F(ImportCallsTest, AForeignTenantImportsNothing) {
  const std::vector<ImportItem> lines = {Line(CustomerNumber("C-1"))};
  Caller foreign = vault_.As("service");
  foreign.principal.tenant = "globex";
  EXPECT_THAT(vault_->data().Import(foreign, lines)[0], IsRefused(Reason::kTenantMismatch));
}

TEST_F(ImportCallsTest, AThousandLinesAreOneCall) {
  std::vector<ImportItem> lines;
  for (int i = 0; i < 1'000; ++i) lines.push_back(Line(CustomerNumber(std::to_string(i % 100))));
  for (const auto& result : Import(lines)) ASSERT_THAT(result, IsOk());
  lines.push_back(Line(CustomerNumber("one more")));
  EXPECT_THAT(Import(lines)[0], IsRefused(Reason::kFieldInvalid));
}

}  // namespace
}  // namespace lethe::vault::data
