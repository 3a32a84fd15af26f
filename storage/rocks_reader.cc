#include "storage/rocks_reader.h"

#include <memory>

#include "base/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"
#include "storage/range.h"
#include "storage/rocks_status.h"

namespace lethe::storage {

rocksdb::ReadOptions RocksReader::MakeReadOptions() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.verify_checksums = true;
  options.total_order_seek = true;
  return options;
}

absl::StatusOr<std::string> RocksReader::Get(TableId id, std::string_view key) const {
  LETHE_TRY(database_.fail_stop().Check());
  LETHE_ASSIGN(rocksdb::ColumnFamilyHandle * table, database_.Table(id));
  std::string value;
  LETHE_TRY(FromRocks(database_.db().Get(MakeReadOptions(), table, key, &value)));
  return value;
}

absl::StatusOr<std::vector<std::optional<std::string>>> RocksReader::MultiGet(
    TableId id, std::span<const std::string> keys) const {
  LETHE_TRY(database_.fail_stop().Check());
  LETHE_ASSIGN(rocksdb::ColumnFamilyHandle * table, database_.Table(id));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  database_.db().MultiGet(MakeReadOptions(), table, keys.size(), slices.data(), found.data(),
                          statuses.data());
  std::vector<std::optional<std::string>> values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    LETHE_TRY(FromRocks(statuses[i]));
    values[i] = found[i].ToString();
  }
  return values;
}

absl::StatusOr<std::vector<Row>> RocksReader::Scan(TableId id, const Range& range,
                                                   std::size_t limit) const {
  LETHE_TRY(database_.fail_stop().Check());
  LETHE_TRY(CheckLimit(limit));
  LETHE_ASSIGN(rocksdb::ColumnFamilyHandle * table, database_.Table(id));
  rocksdb::ReadOptions options = MakeReadOptions();
  const std::optional<std::string> end = EndOfPrefix(range.prefix);
  rocksdb::Slice end_slice;
  if (end.has_value()) {
    end_slice = *end;
    options.iterate_upper_bound = &end_slice;
  }
  const std::unique_ptr<rocksdb::Iterator> row(database_.db().NewIterator(options, table));
  std::vector<Row> rows;
  for (row->Seek(FirstKey(range)); row->Valid() && rows.size() < limit; row->Next()) {
    // Without an upper bound (a prefix of 0xff alone) keys shorter than the prefix cannot follow,
    // since the seek starts at the prefix, so every key has it.
    rows.push_back({row->key().ToString(), row->value().ToString()});
  }
  LETHE_TRY(FromRocks(row->status()));
  return rows;
}

}  // namespace lethe::storage
