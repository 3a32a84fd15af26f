// The crash tests believe what DiskLog and DiskState say; here they are held to it by hand.
#include "tests/support/disk_log.h"

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/disk_state.h"
#include "tests/support/temp_dir.h"

namespace lethe::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using Files = std::map<std::string, std::string>;

class DiskLogTest : public testing::Test {
 protected:
  Files After(Unsynced unsynced, std::uint64_t seed = 0) {
    return After(log_.size(), unsynced, seed);
  }
  Files After(std::size_t events, Unsynced unsynced, std::uint64_t seed = 0) {
    return DiskState(log_.Events(), {events, unsynced, seed}).files();
  }

  DiskLog log_;
};

TEST_F(DiskLogTest, WithoutSyncsOnlyAKillKeepsAnything) {
  const FileId file = log_.Create("/d/a");
  log_.Write(file, 0, "1234");
  EXPECT_THAT(After(Unsynced::kKeep), ElementsAre(Pair("/d/a", "1234")));
  EXPECT_THAT(After(Unsynced::kDrop), IsEmpty());
}

TEST_F(DiskLogTest, AFileNeedsItsOwnSyncAndItsFolders) {
  const FileId file = log_.Create("/d/a");
  log_.Write(file, 0, "1234");
  log_.Sync(file);
  EXPECT_THAT(After(Unsynced::kDrop), IsEmpty());
  log_.SyncFolder("/other");
  EXPECT_THAT(After(Unsynced::kDrop), IsEmpty());
  log_.SyncFolder("/d");
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair("/d/a", "1234")));
}

TEST_F(DiskLogTest, TheLastUnsyncedWriteIsTorn) {
  const FileId file = log_.Create("/d/a");
  log_.SyncFolder("/d");
  log_.Write(file, 0, "1234");
  log_.Sync(file);
  log_.Write(file, 4, "5678");
  log_.Write(file, 2, "abcd");
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair("/d/a", "1234")));
  EXPECT_THAT(After(Unsynced::kTear), ElementsAre(Pair("/d/a", "12ab5678")));
  EXPECT_THAT(After(Unsynced::kKeep), ElementsAre(Pair("/d/a", "12abcd78")));
}

TEST_F(DiskLogTest, AMixIsAPrefixOfEachFilesWritesAndTheSameForTheSameSeed) {
  const FileId file = log_.Create("/d/a");
  log_.SyncFolder("/d");
  for (int i = 0; i < 10; ++i) log_.Write(file, 3 * i, "abc");
  const std::string whole = After(Unsynced::kKeep).at("/d/a");
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::string left = After(Unsynced::kMix, seed).at("/d/a");
    EXPECT_EQ(left, whole.substr(0, left.size()));
    EXPECT_EQ(left, After(Unsynced::kMix, seed).at("/d/a"));
    sizes.insert(left.size());
  }
  EXPECT_GT(sizes.size(), 20u);  // Of the 31 possible: torn inside writes as well.
}

TEST_F(DiskLogTest, AnUnsyncedRenameIsUndone) {
  const FileId file = log_.Create("/d/new");
  log_.Write(file, 0, "x");
  log_.Sync(file);
  log_.SyncFolder("/d");
  log_.Rename("/d/new", "/d/current");
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair("/d/new", "x")));
  EXPECT_THAT(After(Unsynced::kKeep), ElementsAre(Pair("/d/current", "x")));
  log_.SyncFolder("/d");
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair("/d/current", "x")));
}

TEST_F(DiskLogTest, AReplacedOrDeletedFileComesBackUnlessTheFolderIsSynced) {
  const FileId old_file = log_.Create("/d/a");
  log_.Write(old_file, 0, "old");
  log_.Sync(old_file);
  log_.SyncFolder("/d");
  log_.Create("/d/a");
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair("/d/a", "old")));
  EXPECT_THAT(After(Unsynced::kKeep), ElementsAre(Pair("/d/a", "")));
  log_.Delete("/d/a");
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair("/d/a", "old")));
  EXPECT_THAT(After(Unsynced::kKeep), IsEmpty());
}

TEST_F(DiskLogTest, ALinkIsASecondNameOfTheSameBytes) {
  const FileId file = log_.Create("/d/a");
  log_.Link("/d/a", "/e/b");
  log_.Write(file, 0, "x");
  log_.Delete("/d/a");
  EXPECT_THAT(After(Unsynced::kKeep), ElementsAre(Pair("/e/b", "x")));
}

TEST_F(DiskLogTest, WritesInPlaceAndTruncationsAreReplayed) {
  const FileId file = log_.Create("/d/slot");
  log_.SyncFolder("/d");
  log_.Write(file, 4, "root");
  log_.Sync(file);
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair("/d/slot", std::string("\0\0\0\0root", 8))));
  log_.Write(file, 4, "ROOT");
  log_.Truncate(file, 6);
  EXPECT_THAT(After(Unsynced::kKeep), ElementsAre(Pair("/d/slot", std::string("\0\0\0\0RO", 6))));
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair("/d/slot", std::string("\0\0\0\0root", 8))));
}

TEST_F(DiskLogTest, EveryPrefixOfTheLogIsAState) {
  const FileId file = log_.Create("/d/a");
  const std::size_t created = log_.size();
  log_.Write(file, 0, "1");
  const std::size_t written = log_.size();
  log_.Write(file, 1, "2");
  EXPECT_THAT(After(0, Unsynced::kKeep), IsEmpty());
  EXPECT_THAT(After(created, Unsynced::kKeep), ElementsAre(Pair("/d/a", "")));
  EXPECT_THAT(After(written, Unsynced::kKeep), ElementsAre(Pair("/d/a", "1")));
  EXPECT_THAT(After(Unsynced::kKeep), ElementsAre(Pair("/d/a", "12")));
}

TEST_F(DiskLogTest, NothingEverWrittenIsForgotten) {
  const FileId file = log_.Create("/d/slot");
  log_.Write(file, 0, "old root");
  log_.Write(file, 0, "new ");
  log_.Write(file, 4, "king");  // Joins the write before it.
  log_.Rename("/d/slot", "/d/other");
  log_.Delete("/d/other");
  log_.Create("/d/slot");
  EXPECT_EQ(log_.CountRunsWith("old root"), 1u);
  EXPECT_EQ(log_.CountRunsWith("new king"), 1u);
  EXPECT_EQ(log_.CountRunsWith("never"), 0u);
  EXPECT_EQ(log_.Runs().front().path, "/d/slot");
}

TEST_F(DiskLogTest, AFolderIsAdoptedAndWrittenOutAgain) {
  TempDir dir;
  std::filesystem::create_directories(dir / "from/deep");
  std::ofstream(dir / "from/deep/file") << "bytes";
  log_.Adopt(dir / "from");
  log_.Write(log_.Open(dir / "from//deep/file"), 5, " more");

  const DiskState state(log_.Events(), {log_.size(), Unsynced::kKeep});
  state.WriteTo(dir / "from", dir / "to");

  std::ifstream copy(dir / "to/deep/file");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(copy), {}), "bytes more");
  EXPECT_THAT(After(Unsynced::kDrop), ElementsAre(Pair(dir / "from/deep/file", "bytes")));
}

}  // namespace
}  // namespace lethe::test
