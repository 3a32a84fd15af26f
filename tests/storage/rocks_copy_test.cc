// Where a copy of a RocksDB lies, and what is made of one.
#include "storage/rocks_copy.h"

#include <filesystem>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "storage/rocks_engine.h"
#include "tests/storage/test_tables.h"
#include "tests/support/temp_dir.h"

namespace lethe::storage {
namespace {

namespace fs = std::filesystem;

class RocksCopyTest : public testing::Test {
 protected:
  std::unique_ptr<Engine> Open(bool read_only = false) {
    auto engine =
        OpenRocksEngine({.path = path_, .create = true, .read_only = read_only}, TestTables());
    EXPECT_TRUE(engine.ok()) << engine.status();
    return engine.ok() ? *std::move(engine) : nullptr;
  }
  std::set<std::string> Beside() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir_.path())) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  test::TempDir dir_;
  const std::string path_ = dir_ / "db";
};

TEST_F(RocksCopyTest, ItsFolderIsBesideTheDatabaseAndGoesAwayWithIt) {
  const auto engine = Open();
  ASSERT_NE(engine, nullptr);
  auto first = engine->Copy();
  const auto second = engine->Copy();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(Beside(), (std::set<std::string>{"db", "db-copy-1", "db-copy-2"}));
  first->reset();
  EXPECT_EQ(Beside(), (std::set<std::string>{"db", "db-copy-2"}));
}

TEST_F(RocksCopyTest, WhatAKilledProcessLeftGoesAtTheNextOpen) {
  Open().reset();
  for (const char* name : {"db-copy-1", "db-copy-2.tmp", "other", "other-copy-1"}) {
    fs::copy(path_, dir_ / name);
  }
  const std::set<std::string> others = {"db", "other", "other-copy-1"};
  const std::set<std::string> all = Beside();
  ASSERT_EQ(all.size(), 5u);
  Open(true).reset();
  EXPECT_EQ(Beside(), all) << "a database that is only read changes nothing";
  Open().reset();
  EXPECT_EQ(Beside(), others);
}

TEST_F(RocksCopyTest, ARestoreRefusesAFolderThatExists) {
  const auto engine = Open();
  ASSERT_NE(engine, nullptr);
  const auto copy = engine->Copy();
  ASSERT_TRUE(copy.ok()) << copy.status();
  ASSERT_TRUE(RestoreRocksEngine({.path = dir_ / "copy"}, **copy).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(RestoreRocksEngine({.path = dir_ / "copy"}, **copy)));
}

TEST_F(RocksCopyTest, WhatIsRestoredIsForItsOwnerAlone) {
  const auto engine = Open();
  ASSERT_NE(engine, nullptr);
  const auto copy = engine->Copy();
  ASSERT_TRUE(copy.ok()) << copy.status();
  ASSERT_TRUE(RestoreRocksEngine({.path = dir_ / "copy"}, **copy).ok());
  EXPECT_EQ(fs::status(dir_ / "copy").permissions(), fs::perms::owner_all);
  for (const auto& entry : fs::directory_iterator(dir_ / "copy")) {
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write)
        << entry.path();
  }
}

}  // namespace
}  // namespace lethe::storage
