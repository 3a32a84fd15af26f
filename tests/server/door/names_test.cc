#include "server/door/names.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/reason.h"

namespace lethe::server {
namespace {

constexpr char kUuid[] = "6f1c1d9e-3c5f-4b1a-9d0e-2f6f0a4b8c11";
constexpr char kOther[] = "00000000-0000-4000-8000-000000000001";

std::string Under(const char* parent) { return absl::StrFormat("%s/%s", parent, kUuid); }
std::string Subject() { return Under("tenants/acme/subjects"); }

TEST(NamesTest, ASubjectsNameIsReadAndWrittenAlike) {
  const auto name = ParseSubjectName(Subject());
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(name->tenant, "acme");
  EXPECT_EQ(name->subject.ToString(), kUuid);
  EXPECT_EQ(FormatSubjectName(name->tenant, name->subject), Subject());
}

TEST(NamesTest, ARecordsNameIsReadAndWrittenAlike) {
  const std::string text = Subject() + "/records/" + kOther;
  const auto name = ParseRecordName(text);
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(name->record.ToString(), kOther);
  EXPECT_EQ(FormatRecordName(name->tenant, name->subject, name->record), text);
}

TEST(NamesTest, AnErasuresNameIsReadAndWrittenAlike) {
  const std::string text = Under("tenants/acme/erasures");
  const auto name = ParseErasureName(text);
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(FormatErasureName(name->tenant, name->receipt), text);
}

TEST(NamesTest, MalformedSubjectNamesAreRefusedWithoutBeingQuoted) {
  for (const std::string& text :
       {std::string(), std::string("tenants"), std::string("tenants/"), std::string("tenants/acme"),
        Subject() + "/", Subject() + "/records", absl::StrCat("/", Subject()), Subject().substr(1),
        Under("tenants/Acme/subjects"), Under("tenants/-/subjects"), Under("tenants//subjects"),
        std::string("tenants/acme/subjects/alice"), Under("tenants/acme/subjects/"),
        std::string("tenants/acme/subjects/6F1C1D9E-3C5F-4B1A-9D0E-2F6F0A4B8C11")}) {
    const auto name = ParseSubjectName(text);
    ASSERT_FALSE(name.ok()) << text;
    EXPECT_EQ(ReasonOf(name.status()), Reason::kFieldInvalid);
    EXPECT_EQ(std::string(name.status().message()).find("acme"), std::string::npos);
  }
}

TEST(NamesTest, ANameOfOneKindIsNoneOfAnother) {
  EXPECT_FALSE(ParseRecordName(Subject()).ok());
  EXPECT_FALSE(ParseErasureName(Subject()).ok());
  EXPECT_FALSE(ParseTenantName(Subject()).ok());
  EXPECT_TRUE(ParseTenantName("tenants/acme").ok());
}

TEST(NamesTest, TheTenantIsSeenHoweverBrokenTheRestIs) {
  EXPECT_EQ(TenantOf("tenants/other/nonsense").value(), "other");
  EXPECT_EQ(TenantOf("tenants/other").value(), "other");
  EXPECT_EQ(TenantOf("tenants/-/subjects/x").value(), "-");
  EXPECT_FALSE(TenantOf("subjects/x").has_value());
  EXPECT_FALSE(TenantOf("").has_value());
}

}  // namespace
}  // namespace lethe::server
