#include "base/ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/reason.h"

namespace lethe {
namespace {

constexpr std::string_view kText = "01234567-89ab-4def-8123-456789abcdef";

class Constant final : public Random {
 public:
  explicit Constant(std::uint8_t byte) : byte_(byte) {}
  void Fill(MutableBytes out) override { std::fill(out.begin(), out.end(), byte_); }

 private:
  const std::uint8_t byte_;
};

TEST(TagTest, DrawnTagsAreUuidsOfVersionFour) {
  Constant zeros(0x00);
  Constant ones(0xff);
  EXPECT_EQ(SubjectTag::Draw(zeros).ToString(), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(SubjectTag::Draw(ones).ToString(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(TagTest, DrawnTagsDiffer) {
  SystemRandom random;
  std::set<RecordTag> tags;
  for (int i = 0; i < 1000; ++i) tags.insert(RecordTag::Draw(random));
  EXPECT_EQ(tags.size(), 1000u);
}

TEST(TagTest, TextAndBytesReadBack) {
  const auto tag = SubjectTag::Parse(kText);
  ASSERT_TRUE(tag.ok());
  EXPECT_EQ(tag->ToString(), kText);
  EXPECT_EQ(ToHex(tag->bytes()), "0123456789ab4def8123456789abcdef");
  EXPECT_EQ(SubjectTag::FromBytes(tag->bytes()), *tag);
  EXPECT_EQ(tag->view().size(), SubjectTag::kBytes);
}

TEST(TagTest, NoneIsAllZeros) {
  EXPECT_TRUE(ActTag().is_none());
  EXPECT_EQ(ActTag().ToString(), "00000000-0000-0000-0000-000000000000");
  SystemRandom random;
  EXPECT_FALSE(ActTag::Draw(random).is_none());
}

TEST(TagTest, EveryWrongCharacterIsRefused) {
  for (std::size_t i = 0; i < kText.size(); ++i) {
    for (const char wrong : {'G', 'g', 'A', ' ', '\0', '/', ':', '`'}) {
      std::string text(kText);
      text[i] = wrong;
      EXPECT_EQ(ReasonOf(SubjectTag::Parse(text).status()), Reason::kFieldInvalid) << text;
    }
  }
}

TEST(TagTest, EveryWrongLengthIsRefused) {
  for (std::size_t size = 0; size < kText.size(); ++size) {
    EXPECT_FALSE(SubjectTag::Parse(kText.substr(0, size)).ok()) << size;
  }
  std::string longer(kText);
  longer += '0';
  EXPECT_FALSE(SubjectTag::Parse(longer).ok());
  longer.insert(longer.begin(), '{');
  longer.back() = '}';
  EXPECT_FALSE(SubjectTag::Parse(longer).ok());
}

TEST(TagDeathTest, FromBytesTakesExactlySixteen) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(SubjectTag::FromBytes(AsBytes("fifteen bytes!!")), "check failed");
}

}  // namespace
}  // namespace lethe
