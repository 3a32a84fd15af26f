// Hygiene, not erasure: deleted rows leave RocksDB's files, and what the files tell besides rows is
// as little as the settings promise.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocksdb/table_properties.h"
#include "storage/rocks_database.h"
#include "storage/rocks_engine.h"
#include "tests/storage/test_tables.h"
#include "tests/support/temp_dir.h"

namespace lethe::storage {
namespace {

constexpr char kSecretValue[] = "a value that shall go";

class RocksForgettingTest : public testing::Test {
 protected:
  std::unique_ptr<Engine> Open() {
    auto engine = OpenRocksEngine({.path = dir_ / "db", .create = true}, TestTables());
    EXPECT_TRUE(engine.ok()) << engine.status();
    return *std::move(engine);
  }
  static void Write(Engine& engine, const Batch& batch) {
    ASSERT_TRUE(engine.Write(batch, engine.Position() + 1, Durability::kSynced).ok());
  }
  int FilesThatHold(const std::string& needle) {
    int count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      count += bytes.find(needle) != std::string::npos;
    }
    return count;
  }

  test::TempDir dir_;
};

TEST_F(RocksForgettingTest, CompactingRemovesDeletedValuesFromAllFiles) {
  const std::unique_ptr<Engine> engine = Open();
  Write(*engine, PutOne(kRows, "key", kSecretValue));
  Write(*engine, PutOne(kOther, "stays", "here for good"));
  ASSERT_TRUE(engine->Compact().ok());
  Write(*engine, DeleteOne(kRows, "key"));
  EXPECT_GE(FilesThatHold(kSecretValue), 1);  // The control: deleting alone leaves it.

  ASSERT_TRUE(engine->Compact().ok());
  EXPECT_EQ(FilesThatHold(kSecretValue), 0);
  EXPECT_GE(FilesThatHold("here for good"), 1);
}

TEST_F(RocksForgettingTest, AReplacedValueGoesWithItsWal) {
  const std::unique_ptr<Engine> engine = Open();
  Write(*engine, PutOne(kRows, "key", kSecretValue));
  Write(*engine, PutOne(kRows, "key", "another value"));
  EXPECT_GE(FilesThatHold(kSecretValue), 1);
  ASSERT_TRUE(engine->Compact().ok());
  EXPECT_EQ(FilesThatHold(kSecretValue), 0);
}

TEST_F(RocksForgettingTest, ASnapshotDelaysItAndNothingElseDoes) {
  const std::unique_ptr<Engine> engine = Open();
  Write(*engine, PutOne(kRows, "key", kSecretValue));
  {
    const std::unique_ptr<Reader> snapshot = engine->Snapshot();
    Write(*engine, DeleteOne(kRows, "key"));
    ASSERT_TRUE(engine->Compact().ok());
    EXPECT_GE(FilesThatHold(kSecretValue), 1);
    EXPECT_EQ(Find(*snapshot, kRows, "key"), kSecretValue);
  }
  ASSERT_TRUE(engine->Compact().ok());
  EXPECT_EQ(FilesThatHold(kSecretValue), 0);
}

TEST_F(RocksForgettingTest, NoKeyReachesTheInfoLogOrTheOptions) {
  {
    const std::unique_ptr<Engine> engine = Open();
    for (int i = 0; i < 100; ++i) {
      Write(*engine, PutOne(kRows, "needle key " + std::to_string(i), "v"));
    }
    ASSERT_TRUE(engine->Compact().ok());
    Write(*engine, DeleteOne(kRows, "needle key 1"));
    ASSERT_TRUE(engine->Compact().ok());
  }
  const std::unique_ptr<Engine> engine = Open();
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir_ / "db")) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("LOG") && !name.starts_with("OPTIONS")) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(bytes.find("needle key"), std::string::npos) << name;
    ++read;
  }
  EXPECT_GE(read, 2);
}

TEST_F(RocksForgettingTest, NothingIsArchivedSetAsideOrCompressed) {
  const std::unique_ptr<Engine> engine = Open();
  for (int round = 0; round < 3; ++round) {
    Write(*engine, PutOne(kRows, "key", std::string(100'000, 'c')));
    ASSERT_TRUE(engine->Compact().ok());
  }
  EXPECT_FALSE(std::filesystem::exists(dir_ / "db/archive"));
  for (const auto& entry : std::filesystem::directory_iterator(dir_ / "db")) {
    EXPECT_NE(entry.path().extension(), ".trash");
    EXPECT_NE(entry.path().extension(), ".blob");
  }
  EXPECT_EQ(FilesThatHold(std::string(100'000, 'c')), 1);
}

TEST_F(RocksForgettingTest, TheMachinesNameIsInNoFile) {
  auto database = RocksDatabase::Open({.path = dir_ / "db", .create = true}, TestTables());
  ASSERT_TRUE(database.ok()) << database.status();
  rocksdb::DB& db = (*database)->db();
  ASSERT_TRUE(db.Flush({}, (*database)->engine_table()).ok());
  rocksdb::TablePropertiesCollection files;
  ASSERT_TRUE(db.GetPropertiesOfAllTables((*database)->engine_table(), &files).ok());
  EXPECT_EQ(files.size(), 1u);
  for (const auto& [path, properties] : files) EXPECT_EQ(properties->db_host_id, "");
  EXPECT_EQ(db.GetDBOptions().db_host_id, "");
}

}  // namespace
}  // namespace lethe::storage
