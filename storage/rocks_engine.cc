#include "storage/rocks_engine.h"

#include <array>
#include <atomic>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/codec.h"
#include "base/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "storage/free_space.h"
#include "storage/precondition.h"
#include "storage/rocks_copy.h"
#include "storage/rocks_database.h"
#include "storage/rocks_reader.h"
#include "storage/rocks_status.h"

namespace lethe::storage {
namespace {

class RocksEngine final : public Engine {
 public:
  RocksEngine(std::unique_ptr<RocksDatabase> database, const RocksSpec& spec,
              std::uint64_t position)
      : database_(std::move(database)),
        newest_(*database_),
        read_only_(spec.read_only),
        free_space_{FreeSpaceFor(spec, Room::kSpare), FreeSpaceFor(spec, Room::kReserve),
                    FreeSpaceFor(spec, Room::kLast)},
        position_(position) {}

  absl::StatusOr<std::string> Get(TableId table, std::string_view key) const override {
    return newest_.Get(table, key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      TableId table, std::span<const std::string> keys) const override {
    return newest_.MultiGet(table, keys);
  }
  absl::StatusOr<std::vector<Row>> Scan(TableId table, const Range& range,
                                        std::size_t limit) const override {
    return newest_.Scan(table, range, limit);
  }

  absl::Status Write(const Batch& batch, std::uint64_t position, Durability durability) override;
  absl::Status CheckRoom(std::uint64_t bytes, Room room) const override {
    LETHE_TRY(CheckWritable());
    absl::MutexLock lock(&write_mutex_);
    return FreeSpaceOf(room).Admit(bytes);
  }
  absl::Status CheckThere() const override { return database_->CheckThere(); }
  std::uint64_t Position() const override { return position_.load(std::memory_order_acquire); }
  std::unique_ptr<Reader> Snapshot() const override {
    return std::make_unique<RocksSnapshot>(*database_);
  }
  absl::StatusOr<std::unique_ptr<EngineCopy>> Copy() override;
  absl::Status Compact() override;

 private:
  absl::Status CheckWritable() const;
  FreeSpace FreeSpaceFor(const RocksSpec& spec, Room room) const {
    return {spec.free_space_reserve_bytes >> static_cast<int>(room),
            [this] { return database_->FreeBytes(); }};
  }
  FreeSpace& FreeSpaceOf(Room room) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_) {
    return free_space_[static_cast<std::size_t>(room)];
  }
  absl::StatusOr<rocksdb::WriteBatch> Translate(const Batch& batch, std::uint64_t position) const;
  absl::Status CompactTable(rocksdb::ColumnFamilyHandle* table);

  const std::unique_ptr<RocksDatabase> database_;
  const RocksReader newest_;
  const bool read_only_;

  // Held from a batch's preconditions to its end, so that what they saw is what it changes.
  mutable absl::Mutex write_mutex_;
  // By Room: each kind of write leaves the whole reserve, half or a quarter of it.
  mutable std::array<FreeSpace, 3> free_space_ ABSL_GUARDED_BY(write_mutex_);
  std::atomic<std::uint64_t> position_;   // Written under write_mutex_.
  std::atomic<std::uint64_t> copies_{0};  // Taken since it was opened.
};

absl::Status RocksEngine::CheckWritable() const {
  LETHE_TRY(database_->fail_stop().Check());
  if (read_only_) return absl::FailedPreconditionError("the database is open for reading only");
  return absl::OkStatus();
}

absl::Status RocksEngine::Write(const Batch& batch, std::uint64_t position, Durability durability) {
  absl::MutexLock lock(&write_mutex_);
  LETHE_TRY(CheckWritable());
  if (position <= Position()) return absl::OkStatus();
  LETHE_TRY(CheckPreconditions(newest_, batch));
  LETHE_ASSIGN(rocksdb::WriteBatch changes, Translate(batch, position));
  LETHE_TRY(FreeSpaceOf(Room::kLast).Admit(changes.GetDataSize()));

  rocksdb::WriteOptions options;
  options.sync = durability == Durability::kSynced;
  if (!database_->db().Write(options, &changes).ok()) {
    database_->fail_stop().Fail();
    return database_->fail_stop().Check();
  }
  position_.store(position, std::memory_order_release);
  return absl::OkStatus();
}

absl::StatusOr<rocksdb::WriteBatch> RocksEngine::Translate(const Batch& batch,
                                                           std::uint64_t position) const {
  rocksdb::WriteBatch changes;
  for (const Operation& operation : batch.operations()) {
    LETHE_ASSIGN(rocksdb::ColumnFamilyHandle * table, database_->Table(operation.table));
    LETHE_TRY(FromRocks(operation.kind == Operation::Kind::kPut
                            ? changes.Put(table, operation.key, operation.value)
                            : changes.Delete(table, operation.key)));
  }
  LETHE_TRY(FromRocks(changes.Put(database_->engine_table(), RocksDatabase::kPositionKey,
                                  ByteWriter().U64(position).str())));
  return changes;
}

absl::StatusOr<std::unique_ptr<EngineCopy>> RocksEngine::Copy() {
  LETHE_TRY(CheckWritable());
  return RocksCopy::Take(*database_, ++copies_);
}

absl::Status RocksEngine::Compact() {
  LETHE_TRY(CheckWritable());
  // Flushed first: a WAL keeps deleted rows until every column family has flushed past it.
  LETHE_TRY(FromRocks(database_->db().Flush(rocksdb::FlushOptions(), database_->all_tables())));
  for (rocksdb::ColumnFamilyHandle* table : database_->all_tables()) {
    LETHE_TRY(CompactTable(table));
  }
  return absl::OkStatus();
}

absl::Status RocksEngine::CompactTable(rocksdb::ColumnFamilyHandle* table) {
  // Rewriting needs room for the whole table once more, and a full disk may abort().
  std::uint64_t table_bytes = 0;
  database_->db().GetIntProperty(table, rocksdb::DB::Properties::kLiveSstFilesSize, &table_bytes);
  {
    absl::MutexLock lock(&write_mutex_);
    LETHE_TRY(FreeSpaceOf(Room::kSpare).Admit(table_bytes));
  }
  rocksdb::CompactRangeOptions options;
  // The default skips the last level, where deleted rows may lie.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  // The full range: the bounds of a narrower one would be written to the info log.
  return FromRocks(database_->db().CompactRange(options, table, nullptr, nullptr));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> OpenRocksEngine(const RocksSpec& spec,
                                                        std::span<const TableSpec> tables) {
  LETHE_ASSIGN(std::unique_ptr<RocksDatabase> database, RocksDatabase::Open(spec, tables));
  LETHE_ASSIGN(const std::uint64_t position, database->ReadPosition());
  if (!spec.read_only) RocksCopy::RemoveLeftovers(database->env(), spec.path);
  return std::make_unique<RocksEngine>(std::move(database), spec, position);
}

}  // namespace lethe::storage
