#include "server/tls/memory_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace lethe::server {
namespace {

std::string ContentsOf(const MemoryFile& file) {
  std::ifstream in(file.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct stat FactsOf(const MemoryFile& file) {
  struct stat facts {};
  EXPECT_EQ(stat(file.path().c_str(), &facts), 0);
  return facts;
}

TEST(MemoryFileTest, ThePathKeepsItsNameAndChangesItsContentsAndItsTime) {
  auto file = MemoryFile::Create("one");
  ASSERT_TRUE(file.ok());
  const std::string path = file->path();
  std::set<time_t> times = {FactsOf(*file).st_mtime};
  EXPECT_EQ(ContentsOf(*file), "one");
  std::ifstream reader(path);  // Who has the old one open goes on reading it.
  for (int i = 0; i < 20; ++i) {
    auto next = file->Prepare("number " + std::to_string(i));
    ASSERT_TRUE(next.ok());
    file->Take(*std::move(next));
    EXPECT_EQ(ContentsOf(*file), "number " + std::to_string(i));
    times.insert(FactsOf(*file).st_mtime);
  }
  EXPECT_EQ(file->path(), path);
  EXPECT_EQ(times.size(), 21u) << "all within one second, yet each of its own time";
  std::string old;
  reader >> old;
  EXPECT_EQ(old, "one");
}

TEST(MemoryFileTest, ItHasNoNameOnAnyDisk) {
  const auto file = MemoryFile::Create("a key");
  EXPECT_EQ(FactsOf(*file).st_nlink, 0u);
  EXPECT_EQ(std::filesystem::read_symlink(file->path()), "/memfd:lethe-tls (deleted)");
  EXPECT_EQ(FactsOf(*file).st_mode & 0777u, 0400u);
}

TEST(MemoryFileTest, WhatIsPreparedAndDroppedLeavesNothing) {
  auto file = MemoryFile::Create("old");
  { const auto dropped = file->Prepare("new"); }
  EXPECT_EQ(ContentsOf(*file), "old");
}

}  // namespace
}  // namespace lethe::server
