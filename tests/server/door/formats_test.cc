#include "server/door/formats.h"

#include <gtest/gtest.h>

#include <string>

namespace lethe::server {
namespace {

TEST(FormatsTest, AnEtagIsQuotedAndShort) {
  EXPECT_TRUE(HasFormat("\"abc123\"", v1::FORMAT_ETAG));
  EXPECT_TRUE(HasFormat("\"\"", v1::FORMAT_ETAG));
  for (const char* text : {"abc123", "\"abc", "abc\"", "\"a\"b\"", "\"a b\"", "\"", "W/\"a\""}) {
    EXPECT_FALSE(HasFormat(text, v1::FORMAT_ETAG)) << text;
  }
  EXPECT_FALSE(HasFormat("\"" + std::string(kEtagBytesMax, 'a') + "\"", v1::FORMAT_ETAG));
}

TEST(FormatsTest, AUuidIsLowerCase) {
  EXPECT_TRUE(HasFormat("6f1c1d9e-3c5f-4b1a-9d0e-2f6f0a4b8c11", v1::FORMAT_UUID));
  EXPECT_FALSE(HasFormat("6F1C1D9E-3C5F-4B1A-9D0E-2F6F0A4B8C11", v1::FORMAT_UUID));
  EXPECT_FALSE(HasFormat("6f1c1d9e3c5f4b1a9d0e2f6f0a4b8c11", v1::FORMAT_UUID));
}

TEST(FormatsTest, EveryFormatRefusesSomething) {
  const auto* formats = v1::Format_descriptor();
  for (int i = 0; i < formats->value_count(); ++i) {
    const auto format = static_cast<v1::Format>(formats->value(i)->number());
    if (format == v1::FORMAT_UNSPECIFIED) continue;
    EXPECT_FALSE(HasFormat("!", format)) << formats->value(i)->name();
  }
}

TEST(FormatsTest, EveryFormatIsDescribedInWordsACallerKnows) {
  for (int i = v1::Format_MIN + 1; i <= v1::Format_MAX; ++i) {
    const std::string words = DescriptionOf(static_cast<v1::Format>(i));
    EXPECT_NE(words, "anything") << i;
    EXPECT_EQ(words.find("FORMAT"), std::string::npos) << words;
  }
}

}  // namespace
}  // namespace lethe::server
