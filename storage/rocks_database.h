// A RocksDatabase is an open RocksDB with a column family per table and one of the engine's own,
// "engine", which holds two rows:
//   "format"   = U32 kFormat
//   "position" = U64, the position of the last batch applied; absent before the first
// Thread-safe but for opening and closing.
#ifndef LETHE_STORAGE_ROCKS_DATABASE_H_
#define LETHE_STORAGE_ROCKS_DATABASE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/watched_path.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "storage/engine.h"
#include "storage/rocks_engine.h"
#include "storage/rocks_fail_stop.h"

namespace lethe::storage {

class RocksDatabase {
 public:
  static constexpr std::uint32_t kFormat = 1;
  static constexpr std::string_view kFormatKey = "format";
  static constexpr std::string_view kPositionKey = "position";

  // Errors as OpenRocksEngine's.
  static absl::StatusOr<std::unique_ptr<RocksDatabase>> Open(const RocksSpec& spec,
                                                             std::span<const TableSpec> tables);
  ~RocksDatabase();
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;

  rocksdb::DB& db() const { return *db_; }
  FailStop& fail_stop() const { return *fail_stop_; }
  // FAILED_PRECONDITION (kUnsupportedFormat): not among the tables it was opened with.
  absl::StatusOr<rocksdb::ColumnFamilyHandle*> Table(TableId id) const;
  rocksdb::ColumnFamilyHandle* engine_table() const { return engine_table_; }
  // All column families, the engine's and RocksDB's own "default" (always empty) included.
  const std::vector<rocksdb::ColumnFamilyHandle*>& all_tables() const { return handles_; }

  // As stored. DATA_LOSS: not eight bytes.
  absl::StatusOr<std::uint64_t> ReadPosition() const;
  const std::string& path() const { return path_; }
  rocksdb::Env& env() const { return *env_; }
  // Of the file system below.
  absl::StatusOr<std::uint64_t> FreeBytes() const;
  bool Exists(const std::string& path) const;
  // Engine's: files that are open are read and written without it.
  absl::Status CheckThere() const;

 private:
  RocksDatabase() = default;
  absl::Status OpenTables(const RocksSpec& spec, std::span<const TableSpec> tables);
  absl::Status CheckTables(const RocksSpec& spec, std::span<const TableSpec> tables) const;
  absl::Status CheckFormat(bool read_only);
  // A folder that is not the machine's own, as tests have them, is not watched.
  absl::Status WatchPlace(const RocksSpec& spec);

  std::string path_;
  int folder_fd_ = -1;
  std::optional<WatchedPath> folder_;      // Of folder_fd_.
  std::unique_ptr<rocksdb::Env> own_env_;  // Null: the process's default.
  rocksdb::Env* env_ = nullptr;
  std::shared_ptr<FailStop> fail_stop_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  rocksdb::ColumnFamilyHandle* engine_table_ = nullptr;
  std::map<TableId, rocksdb::ColumnFamilyHandle*> tables_;
};

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ROCKS_DATABASE_H_
