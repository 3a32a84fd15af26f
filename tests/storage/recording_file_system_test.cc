#include "tests/support/recording_file_system.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "gtest/gtest.h"
#include "storage/rocks_engine.h"
#include "tests/storage/test_tables.h"
#include "tests/support/disk_state.h"
#include "tests/support/temp_dir.h"

namespace lethe::storage {
namespace {

using test::DiskLog;
using test::DiskState;
using test::Unsynced;

std::map<std::string, std::string> FilesOn(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

class RecordingFileSystemTest : public testing::Test {
 protected:
  std::unique_ptr<Engine> Open() {
    auto engine = OpenRocksEngine(
        {.path = dir_ / "db", .create = true, .file_system = test::NewRecordingFileSystem(log_)},
        TestTables());
    EXPECT_TRUE(engine.ok()) << engine.status();
    return *std::move(engine);
  }
  void Write(Engine& engine, const Batch& batch) {
    ASSERT_TRUE(engine.Write(batch, engine.Position() + 1, Durability::kSynced).ok());
  }
  std::map<std::string, std::string> Recorded() {
    return DiskState(log_->Events(), {log_->size(), Unsynced::kKeep}).files();
  }
  // Of the files whose paths begin so; says how many there are.
  std::size_t ExpectRecorded(const std::string& beginning) {
    const auto elsewhere = [&](const auto& file) { return !file.first.starts_with(beginning); };
    std::map<std::string, std::string> on_disk = FilesOn(dir_.path());
    on_disk.erase(dir_ / "db/LOCK");  // Made by the lock itself; always empty.
    std::erase_if(on_disk, elsewhere);
    std::map<std::string, std::string> recorded = Recorded();
    std::erase_if(recorded, elsewhere);
    EXPECT_EQ(recorded.size(), on_disk.size());
    for (const auto& [path, bytes] : on_disk) {
      EXPECT_TRUE(recorded.contains(path)) << path;
      EXPECT_TRUE(recorded[path] == bytes) << path;
    }
    return on_disk.size();
  }

  test::TempDir dir_;
  std::shared_ptr<DiskLog> log_ = std::make_shared<DiskLog>();
};

// If a single write went past the recorder, its file would differ or be missing.
TEST_F(RecordingFileSystemTest, TheLogReplaysToExactlyWhatIsOnTheDisk) {
  for (int opening = 0; opening < 3; ++opening) {
    const std::unique_ptr<Engine> engine = Open();
    for (int i = 0; i < 50; ++i) {
      Write(*engine, PutOne(kRows, "key" + std::to_string(i), std::string(1'000, 'v')));
    }
    Write(*engine, DeleteOne(kRows, "key7"));
    ASSERT_TRUE(engine->Compact().ok());
    Write(*engine, PutOne(kOther, "after", "compaction"));
    const auto copy = engine->Copy();
    ASSERT_TRUE(copy.ok()) << copy.status();
    // While it is there: links, and files of its own.
    EXPECT_EQ(ExpectRecorded(dir_ / "db-copy-"), (*copy)->Names().size());
  }
  EXPECT_GT(ExpectRecorded(dir_.path()), 0u);
}

TEST_F(RecordingFileSystemTest, DeletedFilesAreStillSearched) {
  const std::unique_ptr<Engine> engine = Open();
  Write(*engine, PutOne(kRows, "key", "a value that goes"));
  Write(*engine, DeleteOne(kRows, "key"));
  ASSERT_TRUE(engine->Compact().ok());
  for (const auto& [path, bytes] : FilesOn(dir_.path())) {
    EXPECT_EQ(bytes.find("a value that goes"), std::string::npos) << path;
  }
  EXPECT_GE(log_->CountRunsWith("a value that goes"), 1u);
  EXPECT_EQ(log_->CountRunsWith("never written"), 0u);
}

}  // namespace
}  // namespace lethe::storage
