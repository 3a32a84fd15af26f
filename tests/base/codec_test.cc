#include "base/codec.h"

#include <gtest/gtest.h>

#include <limits>

namespace lethe {
namespace {

std::string Everything() {
  ByteWriter writer;
  writer.U8(0x01).U16(0x0203).U32(0x04050607).U64(0x08090a0b0c0d0e0f).I64(-2);
  writer.Raw("raw").Short("short").Long("long");
  return writer.Take();
}

void ReadEverything(ByteReader& reader) {
  reader.U8(), reader.U16(), reader.U32(), reader.U64(), reader.I64();
  reader.Raw(3), reader.Short(), reader.Long();
}

TEST(CodecTest, IntegersAreBigEndianAndStringsCarryTheirLengthBefore) {
  EXPECT_EQ(ToHex(AsBytes(Everything())),
            "01"
            "0203"
            "04050607"
            "08090a0b0c0d0e0f"
            "fffffffffffffffe"
            "726177"
            "000573686f7274"
            "000000046c6f6e67");
}

TEST(CodecTest, ReaderGivesBackWhatTheWriterTook) {
  const std::string bytes = Everything();
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U8(), 0x01u);
  EXPECT_EQ(reader.U16(), 0x0203u);
  EXPECT_EQ(reader.U32(), 0x04050607u);
  EXPECT_EQ(reader.U64(), 0x08090a0b0c0d0e0fu);
  EXPECT_EQ(reader.I64(), -2);
  EXPECT_EQ(AsText(reader.Raw(3)), "raw");
  EXPECT_EQ(reader.Short(), "short");
  EXPECT_EQ(reader.remaining(), 8u);
  EXPECT_EQ(reader.Long(), "long");
  EXPECT_TRUE(reader.Finish().ok());
}

TEST(CodecTest, EveryTruncationIsDataLossAndNeverReadsPastTheEnd) {
  const std::string whole = Everything();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A string of its own, so that a sanitizer sees a read past its end.
    const std::string cut(whole, 0, size);
    ByteReader reader(cut);
    ReadEverything(reader);
    EXPECT_FALSE(reader.ok()) << size;
    EXPECT_TRUE(absl::IsDataLoss(reader.Finish())) << size;
  }
}

TEST(CodecTest, AfterAShortReadEverythingIsZeroOrEmpty) {
  ByteReader reader(std::string_view("\x01\x02\x03", 3));
  EXPECT_EQ(reader.U32(), 0u);
  EXPECT_EQ(reader.U8(), 0u);
  EXPECT_TRUE(reader.Raw(1).empty());
  EXPECT_TRUE(reader.Raw(0).empty());
  EXPECT_EQ(reader.Short(), "");
  EXPECT_FALSE(reader.ok());
}

TEST(CodecTest, BytesLeftOverAreDataLoss) {
  const std::string bytes = Everything() + "x";
  ByteReader reader(bytes);
  ReadEverything(reader);
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(absl::IsDataLoss(reader.Finish()));
}

TEST(CodecTest, ALengthBeyondTheInputIsRefused) {
  ByteReader reader(std::string_view("\xff\xff\xff\xff", 4));
  EXPECT_EQ(reader.Long(), "");
  EXPECT_FALSE(reader.ok());
}

TEST(CodecTest, ShortTakesUpTo65535Bytes) {
  const std::string longest(std::numeric_limits<std::uint16_t>::max(), 'x');
  ByteWriter writer;
  writer.Short(longest);
  ByteReader reader(writer.str());
  EXPECT_EQ(reader.Short(), longest);
  EXPECT_TRUE(reader.Finish().ok());
}

TEST(CodecDeathTest, ShortStopsTheProcessAt65536Bytes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(ByteWriter().Short(std::string(65'536, 'x')), "check failed");
}

}  // namespace
}  // namespace lethe
