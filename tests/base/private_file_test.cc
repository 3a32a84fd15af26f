#include "base/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/temp_dir.h"

namespace lethe {
namespace {

namespace fs = std::filesystem;

class PrivateFileTest : public testing::Test {
 protected:
  std::string At(const std::string& name) const { return folder_ / name; }
  static std::string Read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const test::TempDir folder_;
};

TEST_F(PrivateFileTest, TakesItsPlaceWhenItIsWholeAndNobodyElseMayReadIt) {
  ASSERT_TRUE(WritePrivateFile(At("a"), "old").ok());
  auto file = PrivateFile::Create(At("a"));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->Append("ne").ok());
  ASSERT_TRUE(file->Append("w").ok());
  EXPECT_EQ(Read(At("a")), "old");
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_EQ(Read(At("a")), "new");
  struct stat info {};
  ASSERT_EQ(stat(At("a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(PrivateFileTest, DroppedItLeavesNothing) {
  {
    auto file = PrivateFile::Create(At("a"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->Append("half").ok());
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(PrivateFileTest, AFolderIsMadeWithAllAboveIt) {
  ASSERT_TRUE(MakePrivateFolder(At("x/y/z")).ok());
  EXPECT_TRUE(fs::is_directory(At("x/y/z")));
  ASSERT_TRUE(MakePrivateFolder(At("x/y/z")).ok());
  ASSERT_TRUE(WritePrivateFile(At("file"), "").ok());
  EXPECT_FALSE(MakePrivateFolder(At("file")).ok());
}

TEST_F(PrivateFileTest, WhatCannotBeMadeIsNamed) {
  const auto status = WritePrivateFile(At("no/such/folder/a"), "");
  EXPECT_NE(std::string(status.message()).find("no/such/folder/a"), std::string::npos);
  EXPECT_FALSE(SyncFolder(At("absent")).ok());
}

}  // namespace
}  // namespace lethe
