#include "base/direct_read.h"

#include <fstream>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace lethe::vault {
namespace {

std::string RandomBytes(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class DirectReadTest : public testing::Test {
 protected:
  void Write(const std::string& bytes) { std::ofstream(dir_ / "file", std::ios::binary) << bytes; }
  std::string Read(std::uint64_t offset, std::size_t size) {
    const auto reader = DirectReader::Open(dir_ / "file");
    EXPECT_TRUE(reader.ok()) << reader.status();
    std::string out(size, '?');
    const auto got = reader->Read(offset, AsMutableBytes(out));
    EXPECT_TRUE(got.ok()) << got.status();
    out.resize(*got);
    return out;
  }
  test::TempDir dir_;
};

TEST_F(DirectReadTest, GivesWhatWasWrittenAtAnyOffsetAndSize) {
  const std::string bytes = RandomBytes(3'000'000);
  Write(bytes);
  for (const std::size_t offset : {0u, 1u, 4095u, 4096u, 4097u, 1'048'575u, 2'999'000u}) {
    for (const std::size_t size : {1u, 32u, 4095u, 4096u, 4097u, 1'500'000u}) {
      EXPECT_EQ(Read(offset, size), bytes.substr(offset, size)) << offset << " " << size;
    }
  }
}

TEST_F(DirectReadTest, StopsAtTheFilesEnd) {
  for (const std::size_t size : {0u, 1u, 4095u, 4096u, 4097u, 8192u}) {
    const std::string bytes = RandomBytes(size);
    Write(bytes);
    EXPECT_EQ(Read(0, 20'000), bytes);
    EXPECT_EQ(Read(size, 10), "");
    EXPECT_EQ(Read(size + 5'000, 10), "");
  }
}

TEST_F(DirectReadTest, SeesWhatIsStillInThePageCache) {
  Write(std::string(10'000, 'a'));
  const auto reader = DirectReader::Open(dir_ / "file");
  std::fstream(dir_ / "file", std::ios::in | std::ios::out | std::ios::binary) << "new";
  std::string out(3, '?');
  ASSERT_TRUE(reader->Read(0, AsMutableBytes(out)).ok());
  EXPECT_EQ(out, "new");
}

TEST_F(DirectReadTest, AMissingFileIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(DirectReader::Open(dir_ / "none").status()));
}

}  // namespace
}  // namespace lethe::vault
