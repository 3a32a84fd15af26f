#include "base/bytes.h"

#include <gtest/gtest.h>

#include <array>

namespace lethe {
namespace {

TEST(BytesTest, HexIsLowerCaseWithTwoCharactersAByte) {
  EXPECT_EQ(ToHex(std::array<std::uint8_t, 4>{0x00, 0x09, 0xaf, 0xff}), "0009afff");
  EXPECT_EQ(ToHex({}), "");
}

TEST(BytesTest, TextAndBytesAreTheSameMemory) {
  const std::string text("a\0b", 3);
  EXPECT_EQ(AsBytes(text).size(), 3u);
  EXPECT_EQ(AsText(AsBytes(text)), text);
  EXPECT_EQ(static_cast<const void*>(AsBytes(text).data()), text.data());
}

TEST(BytesTest, WipeLeavesOnlyZeros) {
  std::string text = "secret";
  Wipe(text);
  EXPECT_EQ(text, std::string(6, '\0'));
}

TEST(BytesTest, ConstantTimeEqualsTellsEveryDifferingByteAndSize) {
  const std::string text = "sixteen bytes ok";
  EXPECT_TRUE(ConstantTimeEquals(AsBytes(text), AsBytes(std::string(text))));
  EXPECT_TRUE(ConstantTimeEquals({}, {}));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(ConstantTimeEquals(AsBytes(text), AsBytes(other))) << i;
  }
  EXPECT_FALSE(ConstantTimeEquals(AsBytes(text), AsBytes(text).first(15)));
}

}  // namespace
}  // namespace lethe
