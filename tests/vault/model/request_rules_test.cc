#include "vault/model/request_rules.h"

#include <string>

#include "base/reason.h"
#include "gtest/gtest.h"
#include "tests/support/numbers.h"
#include "tests/support/test_vault.h"

namespace lethe::vault {
namespace {

using test::kNoNumbers;
using test::kNumbersBeyond;
using test::kNumbersTaken;

std::string RuleFor(const absl::Status& status) {
  return status.ok() ? "ok" : FieldOf(status) + " " + RuleOf(status);
}

TEST(RequestRulesTest, IdentifiersAreCheckedFieldByField) {
  const auto check = [](const std::string& type, const std::string& value) {
    return RuleFor(CheckIdentifier({type, value}, "identifier"));
  };
  EXPECT_EQ(check("email", "zoë@example.org"), "ok");
  EXPECT_EQ(check("", "x"), "identifier.type required");
  EXPECT_EQ(check("E-Mail", "x"), "identifier.type identifier_type");
  EXPECT_EQ(check(std::string(33, 'a'), "x"), "identifier.type identifier_type");
  EXPECT_EQ(check("email", ""), "identifier.value required");
  EXPECT_EQ(check("email", std::string(320, 'a')), "ok");
  EXPECT_EQ(check("email", std::string(321, 'a')), "identifier.value max_bytes");
  EXPECT_EQ(check("email", "\xff\xfe"), "identifier.value utf8");
  EXPECT_EQ(check("email", "a\nb"), "identifier.value no_control");
  EXPECT_EQ(check("email", " a"), "identifier.value trimmed");
  EXPECT_EQ(check("email", "a "), "identifier.value trimmed");
}

TEST(RequestRulesTest, AListOfIdentifiersHasNoTwins) {
  const std::vector<Identifier> twins = {{"email", "a"}, {"phone", "a"}, {"email", "a"}};
  EXPECT_EQ(RuleFor(CheckIdentifiers(twins, "identifiers")), "identifiers unique");
  EXPECT_EQ(RuleFor(CheckIdentifiers(std::vector<Identifier>(17, {"email", "a"}), "identifiers")),
            "identifiers max_items");
}

TEST(RequestRulesTest, RecordsAreCheckedFieldByField) {
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  const NewRecord good{.category = "account", .data = R"({"a":1})"};
  EXPECT_EQ(RuleFor(CheckNewRecord(good, now)), "ok");
  const auto with = [&](auto change) {
    NewRecord record = good;
    change(record);
    return RuleFor(CheckNewRecord(record, now));
  };
  EXPECT_EQ(with([](auto& r) { r.category = ""; }), "record.category required");
  EXPECT_EQ(with([](auto& r) { r.category = "A b"; }), "record.category label");
  EXPECT_EQ(with([](auto& r) { r.data = ""; }), "record.data required");
  EXPECT_EQ(with([](auto& r) { r.data = std::string((1u << 20) + 1, ' '); }),
            "record.data max_bytes");
  EXPECT_EQ(with([](auto& r) { r.media_type = "json"; }), "record.media_type media_type");
  EXPECT_EQ(with([](auto& r) { r.media_type = "text/plain"; }), "ok");
  EXPECT_EQ(with([](auto& r) { r.media_type = "text/" + std::string(128, 'a'); }),
            "record.media_type max_bytes");
  EXPECT_EQ(with([](auto& r) { r.source_detail = std::string(257, 'a'); }),
            "record.source_detail max_bytes");
  EXPECT_EQ(with([&](auto& r) { r.origin_time = now + absl::Minutes(5); }), "ok");
  EXPECT_EQ(with([&](auto& r) { r.origin_time = now + absl::Minutes(5) + absl::Microseconds(1); }),
            "record.origin_time not_in_future");
  EXPECT_EQ(with([&](auto& r) { r.origin_time = absl::FromUnixSeconds(-3'000'000'000); }),
            "record.origin_time not_before_1900");
}

TEST(RequestRulesTest, JsonIsOneObjectWithoutDuplicateKeys) {
  const auto check = [](const std::string& text) {
    return RuleFor(CheckBody(text, "application/json"));
  };
  EXPECT_EQ(check(R"({})"), "ok");
  EXPECT_EQ(check(R"({"a":[{"a":1},{"a":2}],"b":{"a":null}})"), "ok");
  EXPECT_EQ(check(R"({"name":"Zoë Müller 漢字"})"), "ok");
  EXPECT_EQ(check(R"([1])"), "record.data json_object");
  EXPECT_EQ(check(R"("text")"), "record.data json_object");
  EXPECT_EQ(check(R"({"a":1,"a":2})"), "record.data json_duplicate_key");
  EXPECT_EQ(check(R"({"a":{"b":1,"c":2,"b":3}})"), "record.data json_duplicate_key");
  EXPECT_EQ(check(R"({"a":1,"\u0061":2})"), "record.data json_duplicate_key");
  EXPECT_EQ(check(R"({"a":1}})"), "record.data json");
  EXPECT_EQ(check(R"({"a":)"), "record.data json");
  EXPECT_EQ(check("{\"a\":\"\xff\"}"), "record.data json");
  EXPECT_EQ(RuleFor(CheckBody("not json", "text/plain")), "ok");
}

// RFC 8259 sets no range and lets an implementation set one (6): what no double holds is refused
// for that, not for being no JSON.
TEST(RequestRulesTest, JsonNumbersAreInTheRangeOfADouble) {
  const auto check = [](const std::string& number) {
    return RuleFor(CheckBody("{\"n\":" + number + "}", ""));
  };
  for (const char* number : kNumbersTaken) EXPECT_EQ(check(number), "ok") << number;
  for (const char* number : kNumbersBeyond) {
    EXPECT_EQ(check(number), "record.data number_range") << number;
  }
  EXPECT_EQ(check("1" + std::string(400, '0')), "record.data number_range");
  EXPECT_EQ(check("0." + std::string(400, '0') + "1"), "ok") << "smaller than any, kept as written";
  for (const char* number : kNoNumbers) EXPECT_EQ(check(number), "record.data json") << number;
  EXPECT_EQ(check("\"1e400\""), "ok") << "the way out";
}

TEST(RequestRulesTest, EachRuleOfJsonHasItsOwnSentence) {
  const auto said = [](const std::string& text) {
    return std::string(CheckBody(text, "").message());
  };
  EXPECT_EQ(said(R"({"n":1e400})"),
            "the body has a number beyond the range of IEEE 754 binary64; send it as a string");
  EXPECT_EQ(said(R"({"n":})"), "the body is not JSON in UTF-8");
  EXPECT_EQ(said("[]"), "the body is JSON, but not one object");
  EXPECT_EQ(said(R"({"a":1,"a":2})"), "the body has a key twice in one object");
  EXPECT_EQ(said(R"({"a":)" + std::string(64, '[') + std::string(64, ']') + "}"),
            "the body is nested more than 64 deep");
}

TEST(RequestRulesTest, JsonDepthHasALimit) {
  const auto nested = [](int depth) {
    std::string text = R"({"a":)";
    text += std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    return RuleFor(CheckBody(text, ""));
  };
  EXPECT_EQ(nested(64), "ok");
  EXPECT_EQ(nested(65), "record.data json_depth");
  EXPECT_EQ(nested(100'000), "record.data json_depth");
}

TEST(RequestRulesTest, ACallerNamesTenantPurposeAndRequest) {
  const Caller good{
      .tenant = "acme", .purpose = "service", .request_id = "00000000-0000-4000-8000-000000000001"};
  EXPECT_EQ(RuleFor(CheckCaller(good, true)), "ok");
  Caller caller = good;
  caller.purpose = "";
  EXPECT_EQ(RuleFor(CheckCaller(caller, false)), "purpose required");
  caller = good;
  caller.request_id = "1";
  EXPECT_EQ(RuleFor(CheckCaller(caller, true)), "request_id uuid");
  EXPECT_EQ(RuleFor(CheckCaller(caller, false)), "ok");
  caller.request_id = "";
  EXPECT_EQ(RuleFor(CheckCaller(caller, true)), "request_id required");
}

}  // namespace
}  // namespace lethe::vault
