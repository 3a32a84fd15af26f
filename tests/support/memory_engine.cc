// A checkpoint of a memory engine is one file, "rows": U64 position, then an encoded batch of puts.
#include "tests/support/memory_engine.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/precondition.h"
#include "storage/range.h"

namespace lethe::test {
namespace {

using storage::Batch;
using storage::Durability;
using storage::Engine;
using storage::Operation;
using storage::Range;
using storage::Reader;
using storage::Row;
using storage::TableId;
using storage::TableSpec;

using Table = std::map<std::string, std::string, std::less<>>;
using Tables = std::map<TableId, Table>;

absl::StatusOr<const Table*> Find(const Tables& tables, TableId id) {
  const auto table = tables.find(id);
  if (table == tables.end()) return storage::UnknownTable();
  return &table->second;
}

// Reads one state of the tables that nobody changes meanwhile.
class TablesReader final : public Reader {
 public:
  explicit TablesReader(const Tables& tables) : tables_(tables) {}

  absl::StatusOr<std::string> Get(TableId id, std::string_view key) const override {
    LETHE_ASSIGN(const Table* table, Find(tables_, id));
    const auto row = table->find(key);
    if (row == table->end()) return absl::NotFoundError("no such row");
    return row->second;
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      TableId id, std::span<const std::string> keys) const override {
    LETHE_ASSIGN(const Table* table, Find(tables_, id));
    std::vector<std::optional<std::string>> values;
    values.reserve(keys.size());
    for (const std::string& key : keys) {
      const auto row = table->find(key);
      values.push_back(row == table->end() ? std::nullopt : std::optional(row->second));
    }
    return values;
  }

  absl::StatusOr<std::vector<Row>> Scan(TableId id, const Range& range,
                                        std::size_t limit) const override {
    LETHE_TRY(storage::CheckLimit(limit));
    LETHE_ASSIGN(const Table* table, Find(tables_, id));
    std::vector<Row> rows;
    for (auto row = table->lower_bound(storage::FirstKey(range)); row != table->end(); ++row) {
      if (!row->first.starts_with(range.prefix) || rows.size() == limit) break;
      rows.push_back({row->first, row->second});
    }
    return rows;
  }

 private:
  const Tables& tables_;
};

class MemoryEngine final : public Engine {
 public:
  MemoryEngine(Tables tables, std::uint64_t position)
      : tables_(std::make_shared<Tables>(std::move(tables))), position_(position) {}

  absl::StatusOr<std::string> Get(TableId table, std::string_view key) const override {
    absl::ReaderMutexLock lock(&mutex_);
    return TablesReader(*tables_).Get(table, key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      TableId table, std::span<const std::string> keys) const override {
    absl::ReaderMutexLock lock(&mutex_);
    return TablesReader(*tables_).MultiGet(table, keys);
  }
  absl::StatusOr<std::vector<Row>> Scan(TableId table, const Range& range,
                                        std::size_t limit) const override {
    absl::ReaderMutexLock lock(&mutex_);
    return TablesReader(*tables_).Scan(table, range, limit);
  }

  absl::Status Write(const Batch& batch, std::uint64_t position, Durability durability) override;
  std::uint64_t Position() const override {
    absl::ReaderMutexLock lock(&mutex_);
    return position_;
  }
  std::unique_ptr<Reader> Snapshot() const override;
  absl::Status Checkpoint(const std::string& path) override;
  absl::Status Compact() override { return absl::OkStatus(); }  // A map keeps nothing deleted.

 private:
  class MemorySnapshot;

  mutable absl::Mutex mutex_;
  // Shared with snapshots; a write copies the tables first while any snapshot holds them. The
  // count changes under mutex_ only.
  mutable std::shared_ptr<Tables> tables_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t position_ ABSL_GUARDED_BY(mutex_);
};

class MemoryEngine::MemorySnapshot final : public Reader {
 public:
  MemorySnapshot(const MemoryEngine& engine, std::shared_ptr<const Tables> tables)
      : engine_(engine), tables_(std::move(tables)) {}
  ~MemorySnapshot() override {
    absl::MutexLock lock(&engine_.mutex_);
    tables_.reset();
  }
  absl::StatusOr<std::string> Get(TableId table, std::string_view key) const override {
    return TablesReader(*tables_).Get(table, key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      TableId table, std::span<const std::string> keys) const override {
    return TablesReader(*tables_).MultiGet(table, keys);
  }
  absl::StatusOr<std::vector<Row>> Scan(TableId table, const Range& range,
                                        std::size_t limit) const override {
    return TablesReader(*tables_).Scan(table, range, limit);
  }

 private:
  const MemoryEngine& engine_;
  std::shared_ptr<const Tables> tables_;
};

absl::Status MemoryEngine::Write(const Batch& batch, std::uint64_t position, Durability) {
  absl::MutexLock lock(&mutex_);
  if (position <= position_) return absl::OkStatus();
  LETHE_TRY(CheckPreconditions(TablesReader(*tables_), batch));
  for (const Operation& operation : batch.operations()) {
    LETHE_TRY(Find(*tables_, operation.table).status());
  }
  if (tables_.use_count() > 1) tables_ = std::make_shared<Tables>(*tables_);
  for (const Operation& operation : batch.operations()) {
    Table& table = tables_->at(operation.table);
    if (operation.kind == Operation::Kind::kPut) {
      table.insert_or_assign(operation.key, operation.value);
    } else {
      table.erase(operation.key);
    }
  }
  position_ = position;
  return absl::OkStatus();
}

std::unique_ptr<Reader> MemoryEngine::Snapshot() const {
  absl::MutexLock lock(&mutex_);
  return std::make_unique<MemorySnapshot>(*this, tables_);
}

absl::Status MemoryEngine::Checkpoint(const std::string& path) {
  absl::ReaderMutexLock lock(&mutex_);
  std::error_code error;
  if (!std::filesystem::create_directory(path, error)) {
    return absl::AlreadyExistsError("the checkpoint's folder exists or cannot be made");
  }
  Batch rows;
  for (const auto& [id, table] : *tables_) {
    for (const auto& [key, value] : table) rows.Put(id, key, value);
  }
  ByteWriter writer;
  writer.U64(position_).Raw(rows.Encode());
  std::ofstream file(path + "/rows", std::ios::binary);
  file << writer.str();
  file.close();
  return file ? absl::OkStatus() : absl::InternalError("the checkpoint could not be written");
}

Tables EmptyTables(std::span<const TableSpec> specs) {
  Tables tables;
  for (const TableSpec& spec : specs) tables[spec.id];
  return tables;
}

}  // namespace

std::unique_ptr<Engine> NewMemoryEngine(std::span<const TableSpec> tables) {
  return std::make_unique<MemoryEngine>(EmptyTables(tables), 0);
}

absl::StatusOr<std::unique_ptr<Engine>> OpenMemoryCheckpoint(const std::string& path,
                                                             std::span<const TableSpec> specs) {
  std::ifstream file(path + "/rows", std::ios::binary);
  if (!file) return absl::NotFoundError("no checkpoint here");
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  ByteReader reader(bytes);
  const std::uint64_t position = reader.U64();
  LETHE_ASSIGN(const Batch rows, Batch::Decode(reader.Raw(reader.remaining())));
  Tables tables = EmptyTables(specs);
  for (const Operation& row : rows.operations()) {
    LETHE_TRY(Find(tables, row.table).status());
    tables[row.table][row.key] = row.value;
  }
  return std::make_unique<MemoryEngine>(std::move(tables), position);
}

}  // namespace lethe::test
