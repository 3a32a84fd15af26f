#include "base/watched_path.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace lethe {
namespace {

namespace fs = std::filesystem;

class WatchedPathTest : public testing::Test {
 protected:
  WatchedPathTest() { Write("file", "0123456789"); }
  ~WatchedPathTest() override {
    if (fd_ >= 0) close(fd_);
  }

  std::string At(const std::string& name) const { return folder_ / name; }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(At(name), std::ios::binary) << text;
  }
  WatchedPath Watch(const std::string& name, int flags = O_RDONLY) {
    fd_ = open(At(name).c_str(), flags | O_CLOEXEC);
    absl::StatusOr<WatchedPath> watched = WatchedPath::Of(At(name), fd_);
    EXPECT_TRUE(watched.ok()) << watched.status();
    return *std::move(watched);
  }
  static std::string Fault(const WatchedPath& watched) {
    const absl::Status status = watched.Check();
    EXPECT_TRUE(status.ok() || absl::IsFailedPrecondition(status)) << status;
    return std::string(status.message());
  }

  const test::TempDir folder_;
  int fd_ = -1;
};

TEST_F(WatchedPathTest, WhatStaysIsFoundAndMayGrow) {
  const WatchedPath watched = Watch("file");
  EXPECT_EQ(Fault(watched), "");
  std::ofstream(At("file"), std::ios::app) << "more";
  EXPECT_EQ(Fault(watched), "");
}

TEST_F(WatchedPathTest, ARenameOfItsOwnCopyOverItIsSeen) {
  const WatchedPath watched = Watch("file");
  fs::copy(At("file"), At("copy"));
  fs::rename(At("copy"), At("file"));
  EXPECT_EQ(Fault(watched), "it was deleted while it was open");
}

TEST_F(WatchedPathTest, AnUnlinkARenameAwayAndASwapAreSeen) {
  const WatchedPath watched = Watch("file");
  fs::rename(At("file"), At("elsewhere"));
  EXPECT_EQ(Fault(watched), "nothing stands at its path any more");
  Write("file", "0123456789");
  EXPECT_EQ(Fault(watched), "something else stands at its path");
  fs::remove(At("file"));
  fs::rename(At("elsewhere"), At("file"));
  EXPECT_EQ(Fault(watched), "") << "put back, it is the same again";
  fs::remove(At("file"));
  EXPECT_EQ(Fault(watched), "it was deleted while it was open");
}

TEST_F(WatchedPathTest, ACutFileIsSeen) {
  const WatchedPath watched = Watch("file");
  fs::resize_file(At("file"), 3);
  EXPECT_EQ(Fault(watched), "it is shorter than when it was opened");
}

TEST_F(WatchedPathTest, AFolderIsWatchedLikeAFileAndSoAreThoseAboveIt) {
  fs::create_directories(At("a/b"));
  const WatchedPath watched = Watch("a/b", O_RDONLY | O_DIRECTORY);
  Write("a/b/new", "x");
  EXPECT_EQ(Fault(watched), "");
  fs::rename(At("a"), At("moved"));
  EXPECT_EQ(Fault(watched), "nothing stands at its path any more");
  fs::create_directories(At("a/b"));
  EXPECT_EQ(Fault(watched), "something else stands at its path");
  fs::remove_all(At("moved"));
  EXPECT_EQ(Fault(watched), "it was deleted while it was open");
}

TEST_F(WatchedPathTest, WhatIsAlreadyAnotherIsNotWatched) {
  fd_ = open(At("file").c_str(), O_RDONLY | O_CLOEXEC);
  fs::remove(At("file"));
  EXPECT_TRUE(absl::IsFailedPrecondition(WatchedPath::Of(At("file"), fd_).status()));
}

}  // namespace
}  // namespace lethe
