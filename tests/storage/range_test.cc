#include "storage/range.h"

#include "gtest/gtest.h"

namespace lethe::storage {
namespace {

TEST(RangeTest, TheFirstKeyIsThePrefixOrJustAfterAfter) {
  EXPECT_EQ(FirstKey({}), "");
  EXPECT_EQ(FirstKey({.prefix = "p"}), "p");
  EXPECT_EQ(FirstKey({.prefix = "p", .after = "a"}), "p");
  EXPECT_EQ(FirstKey({.prefix = "p", .after = "p"}), std::string("p\0", 2));
  EXPECT_EQ(FirstKey({.prefix = "p", .after = "q"}), std::string("q\0", 2));
}

TEST(RangeTest, ThePrefixEndsWhereItsLastByteCanGrow) {
  EXPECT_EQ(EndOfPrefix("a"), "b");
  EXPECT_EQ(EndOfPrefix("a\xff"), "b");
  EXPECT_EQ(EndOfPrefix("a\xfe\xff\xff"), "a\xff");
  EXPECT_EQ(EndOfPrefix("\x7f"), "\x80");
  EXPECT_EQ(EndOfPrefix(""), std::nullopt);
  EXPECT_EQ(EndOfPrefix("\xff\xff"), std::nullopt);
}

TEST(RangeTest, ALimitIsBetweenOneAndTheMost) {
  EXPECT_TRUE(absl::IsInvalidArgument(CheckLimit(0)));
  EXPECT_TRUE(CheckLimit(1).ok());
  EXPECT_TRUE(CheckLimit(Reader::kScanRowsMax).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(CheckLimit(Reader::kScanRowsMax + 1)));
}

}  // namespace
}  // namespace lethe::storage
