#include <set>
#include <string>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/test_vault.h"

namespace lethe::vault::reports {
namespace {

using nlohmann::json;
using test::CustomerNumber;
using test::IsOk;
using test::IsRefused;
using test::ReadAll;
using test::TestVault;

class ArtifactCallsTest : public ::testing::Test {
 protected:
  json Report() {
    auto report = vault_->rights().AccessReport(vault_.As("access"), ann_.tag);
    EXPECT_THAT(report, IsOk());
    const auto text = ReadAll(**report);
    EXPECT_THAT(text, IsOk());
    return json::parse(*text);
  }
  std::string ExportText() {
    auto document = vault_->rights().ExportSubject(vault_.As("service"), ann_.tag);
    EXPECT_THAT(document, IsOk());
    const auto text = ReadAll(**document);
    EXPECT_THAT(text, IsOk());
    return *text;
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
};

TEST_F(ArtifactCallsTest, TheReportHoldsEverythingWhateverThePurposeOfItsCategory) {
  vault_.Put(ann_.tag, "account", R"({"name":"Zoë","nested":{"a":[1,2]}})");
  vault_.Put(ann_.tag, "billing", R"({"sum":7})");
  NewRecord note{.category = "support", .data = "plain \"text\"", .media_type = "text/plain"};
  ASSERT_THAT(vault_->data().CreateRecord(vault_.As("support"), ann_.tag, note), IsOk());
  note.data = std::string("\x00\xff", 2);
  note.media_type = "application/octet-stream";
  ASSERT_THAT(vault_->data().CreateRecord(vault_.As("support"), ann_.tag, note), IsOk());

  const json report = Report();
  EXPECT_EQ(report["subject"], ann_.tag.ToString());
  EXPECT_EQ(report["identifiers"][0]["value"], "C-1");
  EXPECT_EQ(report["records"].size(), 4u);
  std::size_t found = 0;
  for (const json& record : report["records"]) {
    if (record["category"] == "account") found += record["data"]["nested"]["a"][1] == 2;
    if (record["media_type"] == "text/plain") found += record["text"] == "plain \"text\"";
    if (record["media_type"] == "application/octet-stream") found += record["base64"] == "AP8=";
  }
  EXPECT_EQ(found, 3u);
  EXPECT_EQ(report["categories"].size(), 3u);
  EXPECT_EQ(report["categories"][1]["legal_obligation"], "IT d.P.R. 600/1973 Art. 22");
  EXPECT_TRUE(report["withheld"].empty());
}

TEST_F(ArtifactCallsTest, TheReportAfterAPartialEraseNamesWhatIsWithheld) {
  vault_.Put(ann_.tag, "account", R"({"name":"Zoë"})");
  vault_.Put(ann_.tag, "billing", R"({"sum":7})");
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  const json report = Report();
  EXPECT_TRUE(report["partially_erased"].get<bool>());
  ASSERT_EQ(report["records"].size(), 1u);
  EXPECT_EQ(report["records"][0]["data"]["sum"], 7);
  ASSERT_EQ(report["withheld"].size(), 1u);
  EXPECT_EQ(report["withheld"][0]["category"], "billing");
  EXPECT_EQ(report["withheld"][0]["record_count"], 1);
  EXPECT_EQ(report.dump().find("Zo"), std::string::npos);
}

TEST_F(ArtifactCallsTest, TheExportHoldsWhatIsPortableAndIsTheSameEveryTime) {
  vault_.Put(ann_.tag, "account", R"({"name":"Zoë"})");
  vault_.Put(ann_.tag, "billing", R"({"sum":7})");
  NewRecord derived{.category = "account", .data = R"({"score":1})"};
  derived.source = Source::kDerived;
  ASSERT_THAT(vault_->data().CreateRecord(vault_.As("service"), ann_.tag, derived), IsOk());

  const std::string text = ExportText();
  const json document = json::parse(text);
  ASSERT_EQ(document["records"].size(), 1u);
  EXPECT_EQ(document["records"][0]["data"]["name"], "Zoë");
  EXPECT_EQ(document["categories_not_covered"], json::array({"billing"}));
  vault_.clock.Advance(absl::Hours(1));
  vault_.Restart();
  EXPECT_EQ(ExportText(), text);
}

TEST_F(ArtifactCallsTest, ALargeDocumentComesInPieces) {
  const std::string large = R"({"x":")" + std::string(50'000, 'x') + R"("})";
  for (int i = 0; i < 40; ++i) vault_.Put(ann_.tag, "account", large);
  auto report = vault_->rights().AccessReport(vault_.As("access"), ann_.tag);
  ASSERT_THAT(report, IsOk());
  std::string all;
  while (true) {
    const auto piece = (*report)->Next();
    ASSERT_THAT(piece, IsOk());
    if (piece->empty()) break;
    EXPECT_LE(piece->size(), Artifact::kPieceBytesMax);
    all += *piece;
  }
  EXPECT_EQ(json::parse(all)["records"].size(), 40u);
  EXPECT_EQ((*report)->record_count(), 40);
}

// A step ends by bytes, in the midst of what one scan has read.
TEST_F(ArtifactCallsTest, EveryRecordStandsThereOnceWhateverTheSizesOfItsNeighbours) {
  constexpr int kRecords = 30;
  for (int i = 0; i < kRecords; ++i) {
    const std::size_t size = i % 5 == 0 ? 400'000 : i % 5 == 1 ? 70'000 : 10;
    const json data = {{"number", i}, {"x", std::string(size, 'x')}};
    vault_.Put(ann_.tag, "account", data.dump());
  }
  std::multiset<int> numbers;
  const json report = Report();
  for (const json& record : report["records"]) {
    numbers.insert(record["data"]["number"].get<int>());
  }
  EXPECT_EQ(numbers.size(), std::size_t{kRecords});
  for (int i = 0; i < kRecords; ++i) EXPECT_EQ(numbers.count(i), 1u) << i;
}

TEST_F(ArtifactCallsTest, AnEraseEndsADocumentWithoutItsTail) {
  const std::string large = R"({"x":")" + std::string(50'000, 'x') + R"("})";
  for (int i = 0; i < 40; ++i) vault_.Put(ann_.tag, "account", large);
  auto report = vault_->rights().AccessReport(vault_.As("access"), ann_.tag);
  ASSERT_THAT(report, IsOk());
  ASSERT_THAT((*report)->Next(), IsOk());
  ASSERT_THAT(vault_.Erase(ann_.tag), IsOk());
  const auto rest = ReadAll(**report);
  EXPECT_TRUE(absl::IsAborted(rest.status())) << rest.status();
}

TEST_F(ArtifactCallsTest, ARestrictionEndsAnExportButNotTheReport) {
  const std::string large = R"({"x":")" + std::string(50'000, 'x') + R"("})";
  for (int i = 0; i < 40; ++i) vault_.Put(ann_.tag, "account", large);
  auto document = vault_->rights().ExportSubject(vault_.As("service"), ann_.tag);
  auto report = vault_->rights().AccessReport(vault_.As("access"), ann_.tag);
  ASSERT_THAT(document, IsOk());
  ASSERT_THAT(report, IsOk());
  ASSERT_THAT((*document)->Next(), IsOk());
  ASSERT_THAT(vault_->rights().BeginAct(vault_.As("service"), ann_.tag, Restriction{}), IsOk());
  EXPECT_THAT(ReadAll(**document), IsRefused(Reason::kProcessingRestricted));
  EXPECT_THAT(ReadAll(**report), IsOk());
}

}  // namespace
}  // namespace lethe::vault::reports
