// Reads of a RocksDatabase, of the newest state or of a snapshot. Thread-safe.
#ifndef LETHE_STORAGE_ROCKS_READER_H_
#define LETHE_STORAGE_ROCKS_READER_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rocksdb/snapshot.h"
#include "storage/engine.h"
#include "storage/rocks_database.h"

namespace lethe::storage {

// Of the newest state, or of `snapshot` if not null; both outlive the reader.
class RocksReader : public Reader {
 public:
  explicit RocksReader(const RocksDatabase& database, const rocksdb::Snapshot* snapshot = nullptr)
      : database_(database), snapshot_(snapshot) {}

  absl::StatusOr<std::string> Get(TableId table, std::string_view key) const override;
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      TableId table, std::span<const std::string> keys) const override;
  absl::StatusOr<std::vector<Row>> Scan(TableId table, const Range& range,
                                        std::size_t limit) const override;

 private:
  rocksdb::ReadOptions MakeReadOptions() const;

  const RocksDatabase& database_;
  const rocksdb::Snapshot* snapshot_;
};

// Owns its snapshot.
class RocksSnapshot final : public RocksReader {
 public:
  explicit RocksSnapshot(const RocksDatabase& database) : RocksSnapshot(database, database.db()) {}

 private:
  RocksSnapshot(const RocksDatabase& database, rocksdb::DB& db)
      : RocksSnapshot(database, db, db.GetSnapshot()) {}
  RocksSnapshot(const RocksDatabase& database, rocksdb::DB& db, const rocksdb::Snapshot* snapshot)
      : RocksReader(database, snapshot), held_(&db, snapshot) {}

  rocksdb::ManagedSnapshot held_;
};

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ROCKS_READER_H_
