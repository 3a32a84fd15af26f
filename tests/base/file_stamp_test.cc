#include "base/file_stamp.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace lethe {
namespace {

namespace fs = std::filesystem;

class FileStampTest : public testing::Test {
 protected:
  FileStampTest() { Write("file", "text"); }
  std::string At(const std::string& name) const { return folder_ / name; }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(At(name), std::ios::binary) << text;
  }
  FileStamp Stamp() const { return FileStamp::Of(At("file")); }

  const test::TempDir folder_;
};

TEST_F(FileStampTest, StaysWhileNobodyTouchesTheFile) {
  const FileStamp stamp = Stamp();
  EXPECT_TRUE(stamp.there());
  EXPECT_EQ(stamp.size, 4);
  std::ifstream(At("file")).get();
  EXPECT_EQ(Stamp(), stamp);
}

TEST_F(FileStampTest, ShowsAnotherSizeAnotherFileAndNone) {
  const FileStamp stamp = Stamp();
  Write("file", "text, longer");
  const FileStamp longer = Stamp();
  EXPECT_NE(longer, stamp);
  Write("other", "text, longer");
  fs::rename(At("other"), At("file"));
  EXPECT_NE(Stamp(), longer);
  fs::remove(At("file"));
  EXPECT_FALSE(Stamp().there());
  EXPECT_FALSE(FileStamp::Of("").there());
}

// As a ConfigMap is swapped: the path goes through a link to another folder.
TEST_F(FileStampTest, ShowsAFolderAboveItSwapped) {
  for (const char* const folder : {"one", "two"}) {
    fs::create_directory(At(folder));
    Write(std::string(folder) + "/file", "text");
  }
  fs::create_symlink("one", At("data"));
  const FileStamp stamp = FileStamp::Of(At("data/file"));
  fs::remove(At("data"));
  fs::create_symlink("two", At("data"));
  EXPECT_NE(FileStamp::Of(At("data/file")), stamp);
}

}  // namespace
}  // namespace lethe
