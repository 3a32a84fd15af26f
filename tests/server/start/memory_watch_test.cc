#include "server/start/memory_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace lethe::server {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

TEST(MemoryWatchTest, IsFullOnlyWhenItStaysAboveNineTenths) {
  MemoryWatch watch(1000 * kMiB);
  EXPECT_FALSE(watch.IsFull(950 * kMiB));
  EXPECT_FALSE(watch.IsFull(950 * kMiB));
  EXPECT_FALSE(watch.IsFull(800 * kMiB)) << "the peak went";
  EXPECT_FALSE(watch.IsFull(901 * kMiB));
  EXPECT_FALSE(watch.IsFull(901 * kMiB));
  EXPECT_TRUE(watch.IsFull(901 * kMiB));
}

TEST(MemoryWatchTest, WithoutALimitNothingIsFull) {
  MemoryWatch watch(std::nullopt);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(watch.IsFull(std::int64_t{1} << 50));
}

TEST(MemoryWatchTest, GivesBackAfterGrowthAndSeldomAgainForTheSame) {
  MemoryWatch watch(std::nullopt);
  int given_back = 0;
  const auto look = [&](std::int64_t mib) { given_back += watch.ShouldGiveBack(mib * kMiB); };
  for (int i = 0; i < 20; ++i) look(50);
  EXPECT_EQ(given_back, 0);
  look(300);
  EXPECT_EQ(given_back, 1);
  for (int i = 1; i < MemoryWatch::kReadingsUntilAgain; ++i) look(280);  // It is in use.
  EXPECT_EQ(given_back, 1);
  look(280);  // By now it may be free.
  EXPECT_EQ(given_back, 2);
  for (int i = 0; i < 30; ++i) look(60);  // It was, and there is nothing more.
  EXPECT_EQ(given_back, 2);
  look(600);
  EXPECT_EQ(given_back, 3);
}

class CgroupLimitTest : public ::testing::Test {
 protected:
  void Put(const std::string& path, const std::string& text) {
    const std::filesystem::path full = root_.path() + path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  std::optional<std::int64_t> Limit() const { return CgroupLimit(root_.path()); }
  test::TempDir root_;
};

TEST_F(CgroupLimitTest, IsTheLeastOfAllAbove) {
  Put("/proc/self/cgroup", "0::/a.slice/b.service\n");
  Put("/sys/fs/cgroup/a.slice/b.service/memory.max", "max\n");
  EXPECT_EQ(Limit(), std::nullopt);
  Put("/sys/fs/cgroup/a.slice/memory.max", "2000\n");
  EXPECT_EQ(Limit(), 2000);
  Put("/sys/fs/cgroup/a.slice/b.service/memory.max", "3000\n");
  EXPECT_EQ(Limit(), 2000);
}

TEST_F(CgroupLimitTest, IsTheContainersOwnRootsToo) {
  Put("/proc/self/cgroup", "0::/\n");
  Put("/sys/fs/cgroup/memory.max", "536870912\n");
  EXPECT_EQ(Limit(), 536870912);
}

TEST_F(CgroupLimitTest, OfVersionOne) {
  Put("/proc/self/cgroup", "7:memory:/docker/x\n3:cpu:/docker/x\n");
  Put("/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(Limit(), std::nullopt);
  Put("/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "1000\n");
  EXPECT_EQ(Limit(), 1000);
}

TEST_F(CgroupLimitTest, NoneIsNone) { EXPECT_EQ(Limit(), std::nullopt); }

TEST(ResidentBytesTest, IsWhatTheProcessHas) {
  EXPECT_GT(ResidentBytes(), kMiB);
  EXPECT_LT(ResidentBytes(), 4096 * kMiB);
}

}  // namespace
}  // namespace lethe::server
