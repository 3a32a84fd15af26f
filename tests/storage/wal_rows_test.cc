// The reader of write-ahead logs that attacks rely on finds every row, whatever its size.
#include "tests/support/wal_rows.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "gtest/gtest.h"
#include "storage/rocks_engine.h"
#include "tests/storage/test_tables.h"
#include "tests/support/temp_dir.h"

namespace lethe::storage {
namespace {

// RocksDB's default family, the engine's own, then the tables in their order: kRows is the first.
constexpr std::uint32_t kRowsFamily = 2;

std::string LogIn(const std::string& folder) {
  std::string log;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".log") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    log.append(std::istreambuf_iterator<char>(file), {});
  }
  return log;
}

std::map<std::string, std::string> RowsIn(const std::string& log) {
  std::map<std::string, std::string> rows;
  for (const test::WalRow& row : test::ReadWal(log)) {
    if (row.column_family == kRowsFamily) rows[row.key] = row.value;
  }
  return rows;
}

class WalRowsTest : public testing::Test {
 protected:
  // Sizes around a block's, so that records end at, before and behind its end; with a delete.
  WalRowsTest() {
    auto engine = OpenRocksEngine({.path = dir_ / "db", .create = true}, TestTables());
    EXPECT_TRUE(engine.ok()) << engine.status();
    for (const std::size_t size : {1u, 100u, 32'600u, 32'700u, 32'768u, 40'000u, 100'000u, 7u}) {
      const std::string key = "key of " + std::to_string(size);
      written_[key] = std::string(size, static_cast<char>('a' + size % 26));
      Batch batch = PutOne(kRows, key, written_[key]);
      batch.Delete(kOther, key);
      EXPECT_TRUE((*engine)->Write(batch, (*engine)->Position() + 1, Durability::kSynced).ok());
    }
    log_ = LogIn(dir_ / "db");
  }

  test::TempDir dir_;
  std::map<std::string, std::string> written_;
  std::string log_;
};

TEST_F(WalRowsTest, FindsEveryRowWritten) { EXPECT_EQ(RowsIn(log_), written_); }

TEST_F(WalRowsTest, FindsWhatStandsBeforeATornTail) {
  const auto found = RowsIn(log_.substr(0, log_.size() / 2));
  EXPECT_GT(found.size(), 2u);
  EXPECT_LT(found.size(), written_.size());
  for (const auto& [key, value] : found) EXPECT_EQ(written_[key], value);
}

TEST_F(WalRowsTest, FindsNothingInWhatIsNoLog) {
  EXPECT_TRUE(test::ReadWal("").empty());
  EXPECT_TRUE(test::ReadWal(std::string(100'000, '\0')).empty());
  EXPECT_TRUE(test::ReadWal(std::string(100'000, '\xff')).empty());
}

}  // namespace
}  // namespace lethe::storage
