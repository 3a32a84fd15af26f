#include "base/text/label.h"

#include <string>

#include "gtest/gtest.h"

namespace lethe {
namespace {

bool IsLowerOrDigit(int c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

TEST(LabelTest, LabelsAreThoseOfDnsInLowerCase) {
  for (const char* label : {"a", "7", "0", "x9", "acme", "acme-2", "a-b", "a--b"}) {
    EXPECT_TRUE(IsLabel(label)) << label;
  }
  for (const char* text : {"", "-", "-a", "a-", "A", "a_b", "a.b", "a b", "ü", "a\n"}) {
    EXPECT_FALSE(IsLabel(text)) << text;
  }
  EXPECT_TRUE(IsLabel(std::string(63, 'a')));
  EXPECT_FALSE(IsLabel(std::string(64, 'a')));
}

TEST(LabelTest, NoOtherByteIsPartOfALabel) {
  for (int c = 0; c < 256; ++c) {
    const std::string one(1, static_cast<char>(c));
    EXPECT_EQ(IsLabel(one), IsLowerOrDigit(c)) << c;
    EXPECT_EQ(IsLabel("a" + one), IsLowerOrDigit(c)) << c;
    EXPECT_EQ(IsLabel("a" + one + "b"), IsLowerOrDigit(c) || c == '-') << c;
  }
}

TEST(LabelTest, AnIdentifierTypeBeginsWithALetter) {
  for (const char* type : {"a", "email", "customer_number", "a1_", "x9"}) {
    EXPECT_TRUE(IsIdentifierType(type)) << type;
  }
  for (const char* text : {"", "1a", "_a", "E-Mail", "e-mail", "a b", "ü"}) {
    EXPECT_FALSE(IsIdentifierType(text)) << text;
  }
  EXPECT_TRUE(IsIdentifierType(std::string(32, 'a')));
  EXPECT_FALSE(IsIdentifierType(std::string(33, 'a')));
}

TEST(LabelTest, NoOtherByteIsPartOfAnIdentifierType) {
  for (int c = 0; c < 256; ++c) {
    const std::string one(1, static_cast<char>(c));
    EXPECT_EQ(IsIdentifierType(one), c >= 'a' && c <= 'z') << c;
    EXPECT_EQ(IsIdentifierType("a" + one), IsLowerOrDigit(c) || c == '_') << c;
  }
}

}  // namespace
}  // namespace lethe
