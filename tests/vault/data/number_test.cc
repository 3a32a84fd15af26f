// A number is stored as it was written: no way into the vault, through it or out of it rounds one.
#include <string>

#include "gtest/gtest.h"
#include "tests/support/numbers.h"
#include "tests/support/test_vault.h"

namespace lethe::vault::data {
namespace {

using test::CustomerNumber;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

std::string Body(const std::string& number) { return "{\"n\": " + number + " }"; }

class NumberTest : public ::testing::Test {
 protected:
  // How often `text` stands in what the person is handed.
  static int CountIn(Artifact& artifact, const std::string& text) {
    const auto all = test::ReadAll(artifact);
    EXPECT_THAT(all, IsOk());
    int times = 0;
    for (std::size_t at = 0; (at = all->find(text, at)) != std::string::npos; ++at) ++times;
    return times;
  }
  absl::StatusOr<ImportedRecord> Import(const std::string& body) {
    ImportItem item{.subject = CustomerNumber("C-1"),
                    .identifiers = {},
                    .record = {.category = "account", .data = body},
                    .request_id = RowTag::Draw(vault_.random).ToString()};
    return vault_->data().Import(vault_.As("service"), std::vector<ImportItem>{item}).front();
  }
  absl::Status Update(const Record& record, RecordPatch patch) {
    return vault_->data()
        .UpdateRecord(vault_.As("service"), ann_.tag, record.tag, "", std::move(patch))
        .status();
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
};

TEST_F(NumberTest, ComesBackByteByByteByEveryWay) {
  for (const char* number : test::kNumbersTaken) {
    const std::string body = Body(number);
    EXPECT_EQ(vault_.Get(vault_.Put(ann_.tag, "account", body), "service")->data, body);
    const Record changed = vault_.Put(ann_.tag, "account", "{}");
    ASSERT_THAT(Update(changed, {.data = body}), IsOk());
    EXPECT_EQ(vault_.Get(changed, "service")->data, body);
    ASSERT_THAT(Import(body), IsOk());

    const std::string shown = "\"data\":" + body + "}";
    auto report = vault_->rights().AccessReport(vault_.As("access"), ann_.tag);
    EXPECT_EQ(CountIn(**report, shown), 3) << number;
    auto document = vault_->rights().ExportSubject(vault_.As("service"), ann_.tag);
    EXPECT_EQ(CountIn(**document, shown), 3) << number;
  }
}

TEST_F(NumberTest, BeyondADoubleIsRefusedOnEveryWayInAndChangesNothing) {
  const Record kept = vault_.Put(ann_.tag, "account", "{}");
  NewRecord text{.category = "account", .data = Body("1e400"), .media_type = "text/plain"};
  const auto as_text = vault_->data().CreateRecord(vault_.As("service"), ann_.tag, text);
  ASSERT_THAT(as_text, IsOk()) << "the control: no number, but text";
  for (const char* number : test::kNumbersBeyond) {
    const std::string body = Body(number);
    const auto created = vault_->data().CreateRecord(vault_.As("service"), ann_.tag,
                                                     {.category = "account", .data = body});
    for (const absl::Status& refused :
         {created.status(), Update(kept, {.data = body}), Import(body).status()}) {
      EXPECT_THAT(refused, IsRefused(Reason::kFieldInvalid));
      EXPECT_EQ(RuleOf(refused), "number_range") << number;
    }
  }
  // Declared to be JSON afterwards, what is stored is looked at again.
  EXPECT_EQ(RuleOf(Update(*as_text, {.media_type = "application/json"})), "number_range");
  EXPECT_EQ(vault_.Get(kept, "service")->data, "{}");
}

}  // namespace
}  // namespace lethe::vault::data
