#include "base/text/utf8.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace lethe {
namespace {

constexpr std::uint32_t kCodePointMax = 0x10ffff;

// The bits of `value` spread over `bytes` bytes, whether the standard allows that or not.
std::string Spread(std::uint32_t value, int bytes) {
  if (bytes == 1) return std::string(1, static_cast<char>(value));
  std::string text;
  for (; bytes > 1 && text.size() + 1 < static_cast<std::size_t>(bytes); value >>= 6) {
    text.insert(text.begin(), static_cast<char>(0x80 | (value & 0x3f)));
  }
  const std::uint32_t mark = 0xf00u >> bytes & 0xff;
  text.insert(text.begin(), static_cast<char>(mark | value));
  return text;
}

bool IsSurrogate(std::uint32_t value) { return value >= 0xd800 && value <= 0xdfff; }

// Where the rules change, and both neighbours.
std::vector<std::uint32_t> Boundaries() {
  std::vector<std::uint32_t> values;
  for (const std::uint32_t edge : {0x0u, 0x80u, 0x800u, 0x1000u, 0xd000u, 0xd800u, 0xdc00u, 0xe000u,
                                   0x10000u, 0x40000u, 0x100000u, 0x110000u, 0x1fffffu}) {
    if (edge > 0) values.push_back(edge - 1);
    values.push_back(edge);
    values.push_back(edge + 1);
  }
  return values;
}

TEST(Utf8Test, ACodePointHasOneSpellingOrNone) {
  for (const std::uint32_t value : Boundaries()) {
    const int right = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    for (int bytes = 1; bytes <= 4; ++bytes) {
      const std::uint32_t room = bytes == 1 ? 0x80 : 1u << (5 * bytes + 1);
      if (value >= room) continue;
      const bool good = bytes == right && value <= kCodePointMax && !IsSurrogate(value);
      const std::string text = Spread(value, bytes);
      EXPECT_EQ(IsUtf8(text), good) << std::hex << value << " in " << bytes;
      EXPECT_EQ(Utf8CharacterBytes(text), good ? bytes : 0) << std::hex << value;
    }
  }
}

TEST(Utf8Test, EveryCodePointIsOne) {
  for (std::uint32_t value = 0; value <= kCodePointMax; ++value) {
    const int bytes = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    ASSERT_EQ(IsUtf8(Spread(value, bytes)), !IsSurrogate(value)) << std::hex << value;
  }
}

// As many as RFC 3629 has room for: a third reading of the same table.
TEST(Utf8Test, OfAllPairsOfBytesOnlyThoseOfTheTableAreOneCharacter) {
  int ones = 0, twos = 0;
  for (int first = 0; first < 256; ++first) {
    const std::string one(1, static_cast<char>(first));
    ones += IsUtf8(one) ? 1 : 0;
    for (int second = 0; second < 256; ++second) {
      twos += Utf8CharacterBytes(one + static_cast<char>(second)) == 2 ? 1 : 0;
    }
  }
  EXPECT_EQ(ones, 0x80);
  EXPECT_EQ(twos, 0x800 - 0x80);
}

TEST(Utf8Test, ACharacterThatIsCutOrLedByNoFirstByteIsNone) {
  for (const std::uint32_t value : {0x80u, 0x7ffu, 0x800u, 0xffffu, 0x10000u, 0x10ffffu}) {
    const int bytes = value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    const std::string text = Spread(value, bytes);
    for (std::size_t size = 1; size < text.size(); ++size) {
      EXPECT_FALSE(IsUtf8(text.substr(0, size)));
      EXPECT_FALSE(IsUtf8(text.substr(0, size) + "a"));
      EXPECT_FALSE(IsUtf8(text.substr(size)));
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
      std::string broken = text;
      for (const char byte : {'\x00', '\x7f', '\xc0', '\xff'}) {
        broken[i] = byte;
        EXPECT_FALSE(IsUtf8(broken)) << i;
      }
    }
  }
}

TEST(Utf8Test, OneBadByteSpoilsAText) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8(std::string(1, '\0')));
  EXPECT_TRUE(IsUtf8("Zoë Müller, 漢字, 🜁"));
  EXPECT_FALSE(IsUtf8("Zoë\xff Müller"));
  EXPECT_FALSE(IsUtf8("Zoë\xc3"));
  EXPECT_EQ(Utf8CharacterBytes(""), 0u);
  EXPECT_EQ(Utf8CharacterBytes("漢字"), 3u);
}

TEST(Utf8Test, ControlsAreThoseOfAsciiAndOfLatin1) {
  for (const std::uint32_t value : {0x00u, 0x1fu, 0x7fu}) {
    EXPECT_TRUE(IsControlCharacter(Spread(value, 1))) << value;
  }
  for (const std::uint32_t value : {0x80u, 0x9bu, 0x9fu}) {
    EXPECT_TRUE(IsControlCharacter(Spread(value, 2))) << value;
  }
  for (const char* character : {" ", "~", "\u00a0", "é", "漢", "🜁"}) {
    EXPECT_FALSE(IsControlCharacter(character)) << character;
  }
}

TEST(Utf8Test, ACutFallsBetweenCharacters) {
  const std::string text = "aé漢🜁";  // 1 + 2 + 3 + 4 bytes.
  constexpr std::size_t kKept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t max = 0; max < std::size(kKept); ++max) {
    EXPECT_EQ(CutUtf8(text, max), text.substr(0, kKept[max])) << max;
  }
}

}  // namespace
}  // namespace lethe
