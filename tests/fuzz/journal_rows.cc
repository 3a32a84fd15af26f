// What a start finds of the journal in a damaged engine: rows of the table of unsynced frames, and
// a position. Either engine and archive end level, or nothing was changed.
//
//   input = U8 position, rows: U8 last sequence, Short value
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/memory_engine.h"
#include "tests/vault/archive/memory_folder.h"
#include "vault/archive/archive.h"
#include "vault/journal/journal_level.h"
#include "vault/rows/row_schema.h"

namespace lethe::fuzz {
namespace {

std::unique_ptr<vault::archive::Archive> EmptyArchive() {
  const auto disk = std::make_shared<test::FolderDisk>();
  test::MemoryFolder folder(disk);
  LETHE_CHECK(vault::archive::Archive::Create(folder, kVault).ok());
  auto archive = vault::archive::Archive::Open(std::make_unique<test::MemoryFolder>(disk), kVault);
  LETHE_CHECK(archive.ok());
  return *std::move(archive);
}

std::unique_ptr<storage::Engine> EngineFrom(ByteReader& in) {
  auto engine = test::NewMemoryEngine(vault::AllTables());
  const std::uint8_t position = in.U8();
  storage::Batch batch;
  while (in.ok() && in.remaining() > 0) {
    const std::string key = vault::row_key::Sequence(in.U8());
    batch.Put(vault::table::kUnsynced, key, std::string(in.Short()));
  }
  LETHE_CHECK(engine->Write(batch, position, storage::Durability::kSynced).ok());
  return engine;
}

std::vector<storage::Row> RowsOf(const storage::Engine& engine) {
  return *engine.Scan(vault::table::kUnsynced, {}, storage::Reader::kScanRowsMax);
}

}  // namespace

LETHE_FUZZ_TARGET(journal_rows) {
  ByteReader in(input);
  const auto engine = EngineFrom(in);
  const auto archive = EmptyArchive();
  const std::uint64_t position = engine->Position();
  const std::size_t rows = RowsOf(*engine).size();
  const absl::Status level = vault::LevelEngineAndArchive(*engine, *archive);
  LETHE_CHECK(engine->Position() == position);
  if (!level.ok()) {
    LETHE_CHECK(archive->last_sequence() == 0 && RowsOf(*engine).size() == rows);
    return Refused(level);
  }
  LETHE_CHECK(archive->last_sequence() == position);
  return position > 0;
}

}  // namespace lethe::fuzz
