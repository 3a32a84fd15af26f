#include "base/text/text_file.h"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace lethe {
namespace {

TEST(TextFileTest, WhatIsWrittenIsReadAndNothingStaysBeside) {
  const test::TempDir dir;
  ASSERT_TRUE(WriteTextFile(dir / "port", "7443\n").ok());
  ASSERT_TRUE(WriteTextFile(dir / "port", "7444\n").ok());
  EXPECT_EQ(*ReadTextFile(dir / "port"), "7444\n");
  EXPECT_FALSE(std::filesystem::exists(dir / "port.partial"));
}

TEST(TextFileTest, WhatIsNoSmallFileIsRefused) {
  const test::TempDir dir;
  EXPECT_FALSE(ReadTextFile(dir / "absent").ok());
  EXPECT_FALSE(ReadTextFile(dir.path()).ok());
  ASSERT_TRUE(WriteTextFile(dir / "large", std::string(kTextFileBytesMax + 1, 'x')).ok());
  EXPECT_FALSE(ReadTextFile(dir / "large").ok());
  ASSERT_TRUE(WriteTextFile(dir / "full", std::string(kTextFileBytesMax, 'x')).ok());
  EXPECT_TRUE(ReadTextFile(dir / "full").ok());
  EXPECT_FALSE(WriteTextFile(dir / "no/such/folder", "x").ok());
}

}  // namespace
}  // namespace lethe
