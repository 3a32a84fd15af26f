#include "tests/storage/test_tables.h"

#include <utility>

#include "gtest/gtest.h"

namespace lethe::storage {

std::span<const TableSpec> TestTables() {
  static constexpr TableSpec kTables[] = {{kRows, "rows"}, {kOther, "other"}};
  return kTables;
}

Batch PutOne(TableId table, std::string key, std::string value) {
  Batch batch;
  batch.Put(table, std::move(key), std::move(value));
  return batch;
}

Batch DeleteOne(TableId table, std::string key) {
  Batch batch;
  batch.Delete(table, std::move(key));
  return batch;
}

std::optional<std::string> Find(const Reader& reader, TableId table, const std::string& key) {
  const absl::StatusOr<std::string> value = reader.Get(table, key);
  if (value.ok()) return *value;
  EXPECT_TRUE(absl::IsNotFound(value.status())) << value.status();
  return std::nullopt;
}

std::vector<std::string> Keys(const Reader& reader, TableId table, const Range& range,
                              std::size_t limit) {
  const absl::StatusOr<std::vector<Row>> rows = reader.Scan(table, range, limit);
  EXPECT_TRUE(rows.ok()) << rows.status();
  std::vector<std::string> keys;
  if (rows.ok()) {
    for (const Row& row : *rows) keys.push_back(row.key);
  }
  return keys;
}

}  // namespace lethe::storage
