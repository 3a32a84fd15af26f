#include "vault/policy/policy.h"

#include <fstream>
#include <iterator>
#include <string>

#include "base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/hostile_yaml.h"
#include "tests/support/test_vault.h"

namespace lethe::vault::policy {
namespace {

using ::testing::HasSubstr;

std::string Document(const std::string& categories) {
  return "policy: p\ntime_zone: Europe/Rome\npurposes: [service, tax]\ncategories:\n" + categories;
}

absl::Time Utc(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

TEST(PolicyTest, TheTestPolicyParses) {
  const auto policy = Policy::Parse(test::kTestPolicy);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->name(), "test-1");
  ASSERT_EQ(policy->categories().size(), 4u);
  const Category* billing = policy->Find("billing");
  ASSERT_NE(billing, nullptr);
  EXPECT_EQ(policy->FindById(2), billing);
  EXPECT_EQ(billing->legal_obligation->reference, "IT d.P.R. 600/1973 Art. 22");
  EXPECT_TRUE(billing->counts_from_creation());
  EXPECT_FALSE(policy->Find("account")->counts_from_creation());
}

TEST(PolicyTest, TheExampleOfTheDemonstrationParses) {
  std::ifstream file(LETHE_TESTDATA_DIR "/../../docs/examples/policy-demo.yaml");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto policy = Policy::Parse(text);
  ASSERT_TRUE(policy.ok()) << policy.status();
  ASSERT_EQ(policy->categories().size(), 4u);
  EXPECT_EQ(policy->Find("billing")->period->ToString(), "P10Y");
  EXPECT_TRUE(policy->ServesAnyObligation("tax"));
}

TEST(PolicyTest, ADocumentThatBeginsWithACommaEnds) {
  for (const char* text : {",", ",\n", "policy: p\n---\npolicy: q\n"}) {
    EXPECT_EQ(RuleOf(Policy::Parse(text).status()), "yaml") << text;
  }
  EXPECT_EQ(RuleOf(Policy::Parse("").status()), "kind");
}

// What reaches a terminal or a log is printable.
TEST(PolicyTest, AMessageQuotesNothingThatIsNotPrintable) {
  const auto policy = Policy::Parse("policy: \"\\\x1b[2J\"");
  ASSERT_FALSE(policy.ok());
  EXPECT_EQ(RuleOf(policy.status()), "no_control");
  EXPECT_EQ(std::string(policy.status().message()),
            "policy line 1:11: a control character: take it out");
}

TEST(PolicyTest, WhatCouldMeanTwoThingsIsRefused) {
  test::ExpectHostileYamlIsRefused(
      test::kTestPolicy, [](const std::string& text) { return Policy::Parse(text).status(); });
}

TEST(PolicyTest, PurposesAreAllowedByCategoryAndByDuty) {
  const auto policy = Policy::Parse(test::kTestPolicy);
  ASSERT_TRUE(policy.ok());
  const Category& billing = *policy->Find("billing");
  EXPECT_TRUE(policy->Allows("billing", billing));
  EXPECT_TRUE(policy->Allows("tax", billing)) << "the duty's purpose";
  EXPECT_FALSE(policy->Allows("service", billing));
  EXPECT_FALSE(policy->Allows("unheard-of", *policy->Find("support")));
  EXPECT_TRUE(policy->ServesAnyObligation("tax"));
  EXPECT_FALSE(policy->ServesAnyObligation("billing"));
}

TEST(PolicyTest, AllowAllKnowsEveryPurpose) {
  const auto policy = Policy::Parse(
      "policy: p\ntime_zone: UTC\npurposes: allow-all\ncategories:\n"
      "  - {name: a, id: 1, anchor: created}\n");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(policy->KnowsPurpose("whatever"));
  EXPECT_TRUE(policy->Allows("whatever", policy->categories()[0]));
}

// Cases A-R2-1, A-R2-2, A-R4-2 and B-R3-2 of the acceptance tables.
TEST(PolicyTest, EndsAreLocalMidnightsCountedByTheCalendar) {
  const auto policy = Policy::Parse(test::kTestPolicy);
  ASSERT_TRUE(policy.ok());
  const Category& telemetry = *policy->Find("telemetry");
  const Category& billing = *policy->Find("billing");
  EXPECT_EQ(policy->EndOf(telemetry, Utc("2026-01-31T10:15:00+01:00")),
            Utc("2026-02-28T23:00:00Z"));
  EXPECT_EQ(policy->EndOf(telemetry, Utc("2028-01-30T23:59:59+01:00")),
            Utc("2028-02-29T23:00:00Z"));
  EXPECT_EQ(policy->EndOf(billing, Utc("2028-02-29T16:00:00+01:00")), Utc("2038-02-28T23:00:00Z"));
  EXPECT_EQ(policy->EndOf(*policy->Find("account"), Utc("2026-01-31T10:15:00+01:00")), std::nullopt)
      << "its clock has not started";
}

TEST(PolicyTest, TheEndOfADayIsTheEndOfEveryInstantInIt) {
  const auto policy = Policy::Parse(test::kTestPolicy);
  ASSERT_TRUE(policy.ok());
  const Category& telemetry = *policy->Find("telemetry");
  // 2026-03-29 has 23 hours in Rome, 2026-10-25 has 25.
  for (const char* text :
       {"2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00", "2026-10-25T00:00:00+02:00",
        "2026-10-25T23:59:59+01:00", "2026-06-15T12:00:00+02:00"}) {
    const absl::Time origin = Utc(text);
    const std::int32_t day = LocalDay(origin, policy->time_zone());
    EXPECT_EQ(EndOfDay(telemetry, day, policy->time_zone()), policy->EndOf(telemetry, origin))
        << text;
  }
}

struct BadPolicy {
  const char* name;
  std::string document;
  const char* line;
  const char* rule;
};

class BadPolicyTest : public ::testing::TestWithParam<BadPolicy> {};

TEST_P(BadPolicyTest, IsRefusedNamingLineAndRule) {
  const auto policy = Policy::Parse(GetParam().document);
  ASSERT_EQ(ReasonOf(policy.status()), Reason::kFieldInvalid) << policy.status();
  EXPECT_THAT(std::string(policy.status().message()), HasSubstr(GetParam().line));
  EXPECT_EQ(RuleOf(policy.status()), GetParam().rule);
}

INSTANTIATE_TEST_SUITE_P(
    Documents, BadPolicyTest,
    ::testing::Values(
        BadPolicy{"NotYaml", "policy: [a", "line ", "yaml"},
        BadPolicy{"NotAMap", "- a\n", "line 1", "kind"},
        BadPolicy{"UnknownKey", "policy: p\nretension: x\n", "line 2", "unknown_key"},
        BadPolicy{"DuplicateKey", "policy: p\npolicy: q\n", "line 2", "duplicate_key"},
        BadPolicy{"NoZone", "policy: p\n", "line 1", "required"},
        BadPolicy{"BadZone", "policy: p\ntime_zone: Europe/Atlantis\n", "line 2", "time_zone"},
        BadPolicy{"NoPurposes", "policy: p\ntime_zone: UTC\n", "line 1", "required"},
        BadPolicy{"NoCategories", "policy: p\ntime_zone: UTC\npurposes: allow-all\n", "line 1",
                  "required"},
        BadPolicy{"UnknownCategoryKey", Document("  - name: a\n    colour: red\n"), "line 6",
                  "unknown_key"},
        BadPolicy{"BadName", Document("  - {name: Account, id: 1, anchor: created}\n"), "line 5",
                  "label"},
        BadPolicy{"NoId", Document("  - {name: a, anchor: created}\n"), "line 5", "required"},
        BadPolicy{"IdZero", Document("  - {name: a, id: 0, anchor: created}\n"), "line 5", "id"},
        BadPolicy{"IdText", Document("  - {name: a, id: one, anchor: created}\n"), "line 5", "id"},
        BadPolicy{"BadAnchor", Document("  - {name: a, id: 1, anchor: born}\n"), "line 5",
                  "anchor"},
        BadPolicy{"BadPeriod", Document("  - {name: a, id: 1, anchor: created, period: P1W}\n"),
                  "line 5", "period"},
        BadPolicy{"AnchorWithoutPeriod", Document("  - {name: a, id: 1, anchor: contract_end}\n"),
                  "line 5", "period"},
        BadPolicy{"DutyWithoutPeriod",
                  Document("  - {name: a, id: 1, anchor: created,\n"
                           "     legal_obligation: {reference: law, purposes: [tax]}}\n"),
                  "line 5", "period"},
        BadPolicy{"UndeclaredPurpose",
                  Document("  - {name: a, id: 1, anchor: created, purposes: [ads]}\n"), "line 5",
                  "unknown_purpose"},
        BadPolicy{"DuplicatePurpose",
                  Document("  - {name: a, id: 1, anchor: created, purposes: [tax, tax]}\n"),
                  "line 5", "duplicate"},
        BadPolicy{"BadIdentifierType",
                  Document("  - {name: a, id: 1, anchor: created, period: P1Y,\n"
                           "     legal_obligation: {reference: x, keep_identifiers: [E-Mail]}}\n"),
                  "line 6", "identifier_type"},
        BadPolicy{"NameTwice",
                  Document("  - {name: a, id: 1, anchor: created}\n"
                           "  - {name: a, id: 2, anchor: created}\n"),
                  "line 6", "duplicate"},
        BadPolicy{"IdTwice",
                  Document("  - {name: a, id: 1, anchor: created}\n"
                           "  - {name: b, id: 1, anchor: created}\n"),
                  "line 6", "duplicate"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace lethe::vault::policy
