#include "storage/rocks_database.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/check.h"
#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "rocksdb/file_system.h"
#include "storage/range.h"
#include "storage/rocks_options.h"
#include "storage/rocks_status.h"

namespace lethe::storage {
namespace {

constexpr char kEngineTable[] = "engine";

// Column families by name, in the order in which they are opened.
std::vector<std::string> NamesOf(std::span<const TableSpec> tables) {
  std::vector<std::string> names = {rocksdb::kDefaultColumnFamilyName, kEngineTable};
  for (const TableSpec& table : tables) {
    std::string name(table.name);
    LETHE_CHECK(std::find(names.begin(), names.end(), name) == names.end());
    names.push_back(std::move(name));
  }
  return names;
}

// For a database that is only read: it may lie on a read-only volume, and inspecting a copy
// should not change it.
class NoLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDatabase>> RocksDatabase::Open(
    const RocksSpec& spec, std::span<const TableSpec> tables) {
  std::unique_ptr<RocksDatabase> database(new RocksDatabase);
  database->path_ = spec.path;
  if (spec.file_system != nullptr) {
    database->own_env_ = rocksdb::NewCompositeEnv(spec.file_system);
  }
  database->env_ =
      database->own_env_ != nullptr ? database->own_env_.get() : rocksdb::Env::Default();
  database->fail_stop_ = std::make_shared<FailStop>();
  LETHE_TRY(database->CheckTables(spec, tables));
  LETHE_TRY(database->OpenTables(spec, tables));
  LETHE_TRY(database->CheckFormat(spec.read_only));
  LETHE_TRY(database->WatchPlace(spec));
  return database;
}

RocksDatabase::~RocksDatabase() {
  for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  if (folder_fd_ >= 0) close(folder_fd_);
}

absl::Status RocksDatabase::CheckTables(const RocksSpec& spec,
                                        std::span<const TableSpec> tables) const {
  if (!Exists(spec.path + "/CURRENT")) {
    if (!spec.create || spec.read_only) {
      return absl::NotFoundError("there is no database in this folder");
    }
    const auto parent = std::filesystem::absolute(spec.path).lexically_normal().parent_path();
    if (Exists(parent.string())) return absl::OkStatus();
    return absl::NotFoundError("the folder that shall hold the database does not exist");
  }
  std::vector<std::string> stored;
  LETHE_TRY(FromRocks(
      rocksdb::DB::ListColumnFamilies(MakeDatabaseOptions(spec, env_), spec.path, &stored)));
  const std::vector<std::string> known = NamesOf(tables);
  for (const std::string& name : stored) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return Refuse(Reason::kUnsupportedFormat, "the database holds a table of a later version");
    }
  }
  if (spec.read_only && stored.size() < known.size()) {
    return Refuse(Reason::kUnsupportedFormat, "the database is of an earlier version");
  }
  return absl::OkStatus();
}

absl::Status RocksDatabase::OpenTables(const RocksSpec& spec, std::span<const TableSpec> tables) {
  rocksdb::DBOptions settings = MakeDatabaseOptions(spec, env_);
  settings.listeners.push_back(fail_stop_);
  if (spec.read_only) settings.info_log = std::make_shared<NoLogger>();
  const rocksdb::ColumnFamilyOptions table_settings = MakeTableOptions(spec.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (std::string& name : NamesOf(tables)) families.emplace_back(std::move(name), table_settings);

  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      spec.read_only ? rocksdb::DB::OpenForReadOnly(settings, spec.path, families, &handles_, &db)
                     : rocksdb::DB::Open(settings, spec.path, families, &handles_, &db);
  db_.reset(db);
  LETHE_TRY(FromRocks(opened));
  engine_table_ = handles_[1];
  for (std::size_t i = 0; i < tables.size(); ++i) {
    LETHE_CHECK(tables_.emplace(tables[i].id, handles_[2 + i]).second);
  }
  return absl::OkStatus();
}

absl::Status RocksDatabase::CheckFormat(bool read_only) {
  std::string stored;
  const rocksdb::Status found =
      db_->Get(rocksdb::ReadOptions(), engine_table_, kFormatKey, &stored);
  if (found.IsNotFound()) {
    // New, or cut off while it was being made: no batch can have been applied yet.
    LETHE_ASSIGN(const std::uint64_t position, ReadPosition());
    if (position != 0) return absl::DataLossError("the database has lost its format number");
    if (read_only) return absl::OkStatus();
    rocksdb::WriteOptions synced;
    synced.sync = true;
    return FromRocks(db_->Put(synced, engine_table_, kFormatKey, ByteWriter().U32(kFormat).str()));
  }
  LETHE_TRY(FromRocks(found));
  ByteReader reader(stored);
  const std::uint32_t format = reader.U32();
  LETHE_TRY(reader.Finish());
  if (format == kFormat) return absl::OkStatus();
  return Refuse(Reason::kUnsupportedFormat, "the database is of another format");
}

absl::StatusOr<rocksdb::ColumnFamilyHandle*> RocksDatabase::Table(TableId id) const {
  const auto table = tables_.find(id);
  if (table == tables_.end()) return UnknownTable();
  return table->second;
}

absl::StatusOr<std::uint64_t> RocksDatabase::ReadPosition() const {
  std::string stored;
  const rocksdb::Status found =
      db_->Get(rocksdb::ReadOptions(), engine_table_, kPositionKey, &stored);
  if (found.IsNotFound()) return std::uint64_t{0};
  LETHE_TRY(FromRocks(found));
  ByteReader reader(stored);
  const std::uint64_t position = reader.U64();
  LETHE_TRY(reader.Finish());
  return position;
}

absl::StatusOr<std::uint64_t> RocksDatabase::FreeBytes() const {
  std::uint64_t free_bytes = 0;
  LETHE_TRY(FromRocks(
      env_->GetFileSystem()->GetFreeSpace(path_, rocksdb::IOOptions(), &free_bytes, nullptr)));
  return free_bytes;
}

bool RocksDatabase::Exists(const std::string& path) const { return env_->FileExists(path).ok(); }

absl::Status RocksDatabase::WatchPlace(const RocksSpec& spec) {
  folder_fd_ = open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  // In a file system of its own there may be no folder that anybody could move.
  if (folder_fd_ < 0 && errno == ENOENT && spec.file_system != nullptr) return absl::OkStatus();
  if (folder_fd_ < 0) return absl::UnavailableError("the database's folder cannot be looked at");
  LETHE_ASSIGN(folder_, WatchedPath::Of(path_, folder_fd_));
  return absl::OkStatus();
}

absl::Status RocksDatabase::CheckThere() const {
  if (!folder_.has_value()) return absl::OkStatus();
  LETHE_TRY(folder_->Check());
  // CURRENT names the newest manifest, and is only ever replaced by a rename.
  if (access((path_ + "/CURRENT").c_str(), F_OK) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError("its files are gone");
}

}  // namespace lethe::storage
