// The search that finds nothing in the vault must find what was planted.
#include "tests/system/needles.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"
#include "tests/system/made_up.h"

namespace lethe::test {
namespace {

void Plant(const std::string& path, const std::string& bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << std::string(5000, '\x01') << bytes << "tail";
}

// Encoded by other people's programs: echo -n x | base64, xxd -p, iconv -t UTF-16BE.
TEST(NeedlesTest, EveryDisguiseIsFound) {
  const std::string plain = kCanary;
  std::string wide;
  for (const char c : plain) wide += std::string("\0", 1) + c;
  const std::vector<std::string> planted = {
      plain,
      "5a71377643616e617279586b3239",
      "5A71377643616E617279586B3239",
      "WnE3dkNhbmFyeVhrMjk=",      // Alone.
      "eFpxN3ZDYW5hcnlYazI5eQ==",  // One byte before it, one behind.
      "eHhacTd2Q2FuYXJ5WGsyOXl5",  // Two before, two behind.
      wide};
  for (const std::string& bytes : planted) {
    const TempDir folder;
    Plant(folder / "deep/er/file.bin", bytes);
    EXPECT_GE(SearchFolder(folder.path(), Disguises(kCanary)).finds.size(), 1u) << bytes;
  }
}

TEST(NeedlesTest, AFileNameIsSearchedAndANearMissIsNone) {
  const TempDir folder;
  Plant(folder / "a", std::string(kCanary).substr(1));
  EXPECT_TRUE(SearchFolder(folder.path(), Disguises(kCanary)).finds.empty());

  Plant(folder / (std::string("x") + kCanary), "nothing");
  EXPECT_EQ(SearchFolder(folder.path(), Disguises(kCanary)).finds.size(), 1u);
}

}  // namespace
}  // namespace lethe::test
