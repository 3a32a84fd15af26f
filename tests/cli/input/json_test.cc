// Reading what people hand in: byte by byte, and strictly.
#include <gtest/gtest.h>

#include "cli/input/json_object.h"
#include "cli/input/record_document.h"
#include "cli/input/subject_option.h"

namespace lethe::cli {
namespace {

TEST(JsonObject, MembersKeepTheirBytes) {
  const std::string_view text =
      R"( {"a": {"x": [1.0, "}\"]", {}] , "y":1.10} , "b":-0.10,"c":"é\u00e9"} )";
  const auto members = MembersOf(text);
  ASSERT_TRUE(members.ok());
  EXPECT_EQ(members->at("a"), R"({"x": [1.0, "}\"]", {}] , "y":1.10})");
  EXPECT_EQ(members->at("b"), "-0.10");
  EXPECT_EQ(members->at("c"), R"("é\u00e9")");
}

TEST(JsonObject, NumbersKeepTheirDigitsAndThoseBeyondADoubleAreNamed) {
  for (const char* number : {"-0", "1e-400", "123456789012345678901234567890", "1E+2", "0.10",
                             "1.7976931348623157e308", "4.9e-324", "-9223372036854775809"}) {
    const std::string text = std::string("{\"n\": ") + number + "}";
    const auto members = MembersOf(text);
    ASSERT_TRUE(members.ok()) << number;
    EXPECT_EQ(members->at("n"), number);
  }
  for (const char* number : {"1e400", "-1e400", "[1e309]"}) {
    const std::string text = std::string("{\"n\": ") + number + "}";
    const auto members = MembersOf(text);
    EXPECT_EQ(members.status().message(),
              "has a number beyond the range of IEEE 754 binary64; write it as a string");
  }
  EXPECT_EQ(MembersOf("{\"n\": 1e400x}").status().message(),
            "has a number beyond the range of IEEE 754 binary64; write it as a string");
  EXPECT_EQ(MembersOf("{\"n\": 01}").status().message(), "is not JSON in UTF-8");
  EXPECT_EQ(MembersOf("[]").status().message(), "must be one JSON object");
  EXPECT_EQ(MembersOf(R"({"a":1,"a":2})").status().message(), "has a key twice");
}

TEST(JsonObject, BigNumbersAndOddSpacingStay) {
  const auto members = MembersOf(R"({"n":123456789012345678901234567890 ,"o":{ "k" : null }})");
  ASSERT_TRUE(members.ok());
  EXPECT_EQ(members->at("n"), "123456789012345678901234567890");
  EXPECT_EQ(members->at("o"), R"({ "k" : null })");
}

TEST(JsonObject, WhatIsNoObjectWithDistinctKeysIsRefused) {
  for (const char* text : {"", "[]", "1", "{", R"({"a":1,"a":2})", R"({"a":1}x)", R"({"a":1,})",
                           R"({"a":"\ud800"})", "{\"a\":\"\xff\"}", R"({"\u0061":1,"a":2})"}) {
    EXPECT_FALSE(MembersOf(text).ok()) << text;
  }
  EXPECT_TRUE(MembersOf("{}").ok());
}

TEST(JsonObject, ElementsKeepTheirBytesToo) {
  const auto elements = ElementsOf(R"([ {"a":[]} , 1 ])");
  ASSERT_TRUE(elements.ok());
  ASSERT_EQ(elements->size(), 2u);
  EXPECT_EQ((*elements)[0], R"({"a":[]})");
  EXPECT_TRUE(ElementsOf("[]")->empty());
}

std::optional<Fault> Read(std::string_view json, v1::Record& record) {
  const auto members = MembersOf(json);
  if (!members.ok()) return Fault{"json", ""};
  return ReadRecord(*members, record);
}

TEST(RecordDocument, DataIsStoredAsItStands) {
  v1::Record record;
  ASSERT_FALSE(Read(R"({"category":"account","data":{"b": 1.50, "a":"ü"},"source":"third-party",)"
                    R"("origin_time":"2026-01-31T10:00:00Z"})",
                    record));
  EXPECT_EQ(record.data(), R"({"b": 1.50, "a":"ü"})");
  EXPECT_EQ(record.source(), v1::SOURCE_THIRD_PARTY);
  EXPECT_EQ(record.origin_time().seconds(), 1769853600);
  EXPECT_EQ(record.media_type(), "");
}

TEST(RecordDocument, TextAndBase64AreOtherWaysToSayIt) {
  v1::Record text, bytes;
  ASSERT_FALSE(Read(R"({"text":"zwei\nZeilen"})", text));
  EXPECT_EQ(text.data(), "zwei\nZeilen");
  EXPECT_EQ(text.media_type(), "text/plain");
  ASSERT_FALSE(Read(R"({"data_base64":"AAEC","media_type":"image/png"})", bytes));
  EXPECT_EQ(bytes.data(), std::string("\0\1\2", 3));
  EXPECT_EQ(bytes.media_type(), "image/png");
}

TEST(RecordDocument, FaultsNameTheMemberAndNeverTheValue) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"data":"secret"})", "data"},
      {R"({"data":{},"text":"secret"})", "text"},
      {R"({"source":"secret"})", "source"},
      {R"({"origin_time":"secret"})", "origin_time"},
      {R"({"data_base64":"s*cret"})", "data_base64"},
      {R"({"secret":1})", "record"},
      {R"({"category":7})", "category"},
  };
  for (const auto& [json, field] : cases) {
    v1::Record record;
    const auto fault = Read(json, record);
    ASSERT_TRUE(fault.has_value()) << json;
    EXPECT_EQ(fault->field, field);
    EXPECT_EQ(fault->ToString().find("cret"), std::string::npos);
  }
}

TEST(SubjectName, IsAUuidOrAWholeName) {
  const std::string uuid = "7d1c1f0e-6c5e-4b5f-8f5b-0d8f3a0f6a11";
  EXPECT_EQ(*SubjectNameFrom(uuid, "tenants/acme"), "tenants/acme/subjects/" + uuid);
  EXPECT_EQ(*SubjectNameFrom("tenants/other/subjects/" + uuid, "tenants/acme"),
            "tenants/other/subjects/" + uuid);
  EXPECT_FALSE(SubjectNameFrom("ann", "tenants/acme").ok());
  EXPECT_FALSE(SubjectNameFrom("tenants/acme/subjects/ann", "tenants/acme").ok());
}

TEST(Identifier, HasTypeAndValueAndNothingElse) {
  EXPECT_TRUE(IdentifierFromJson(R"({"value":"a@b.c","type":"email"})").ok());
  for (const char* json : {R"({"type":"email"})", R"({"type":"email","value":"v","x":1})",
                           R"({"type":"email","value":7})", "[]"}) {
    const auto identifier = IdentifierFromJson(json);
    EXPECT_FALSE(identifier.ok()) << json;
  }
}

}  // namespace
}  // namespace lethe::cli
