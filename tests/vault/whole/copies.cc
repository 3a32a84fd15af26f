#include "tests/vault/whole/copies.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "storage/engine_spec.h"
#include "tests/support/wal_rows.h"
#include "vault/backup/receiver.h"
#include "vault/backup/store.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

std::size_t BytesBelow(const std::string& folder) {
  std::size_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

Texts Both(const Texts& a, const Texts& b) {
  Texts both;
  std::ranges::set_intersection(a, b, std::inserter(both, both.end()));
  return both;
}

}  // namespace

std::string NameOf(CopyKind kind) {
  switch (kind) {
    case CopyKind::kFiles:
      return "files of the running vault";
    case CopyKind::kPoweredOff:
      return "files as a power cut leaves them";
    case CopyKind::kCheckpoint:
      return "checkpoint of the database";
    case CopyKind::kLogs:
      return "write-ahead logs, all there were";
    case CopyKind::kBackup:
      return "backup";
  }
  return "";
}

absl::Status Copies::Take(CopyKind kind, std::uint64_t seed) {
  if (kind == CopyKind::kBackup && !world_.options.archive) return absl::OkStatus();
  Copy copy{kind, VaultAttacker(world_.id()), 0, world_.CurrentRoot(), story_.Living()};
  if (kind == CopyKind::kLogs) {
    ReadLogs(copy);
  } else {
    const std::string folder = world_.Beside("copy");
    fs::remove_all(folder);
    LETHE_TRY(MakeFolder(kind, seed, folder));
    copy.bytes = BytesBelow(folder);
    // Opening it also brings in what is only in the database's write-ahead log.
    LETHE_ASSIGN(const auto engine, storage::OpenRocksEngine({.path = folder + "/db",
                                                              .block_cache_bytes = 1u << 20,
                                                              .free_space_reserve_bytes = 0},
                                                             vault::AllTables()));
    copy.attacker.AddImage(*engine);
    disk_.Take(*engine);
  }
  copies_.push_back(std::move(copy));
  return absl::OkStatus();
}

absl::Status Copies::MakeFolder(CopyKind kind, std::uint64_t seed, const std::string& folder) {
  if (kind == CopyKind::kBackup) return MakeBackup(folder);
  if (kind == CopyKind::kCheckpoint) {
    fs::create_directories(folder);
    LETHE_ASSIGN(const vault::Journal::Copied copied, world_->stores().journal->Copy());
    return storage::RestoreEngine(storage::RocksSpec{.path = folder + "/db"}, *copied.copy);
  }
  world_.CopyTo(folder, kind == CopyKind::kFiles ? Unsynced::kKeep : Unsynced::kMix, seed);
  for (int i = 0; i < world_.options.holders; ++i) {
    fs::remove_all(RecordedVault::HolderFolder(folder, i));  // The one thing nobody may copy.
  }
  return absl::OkStatus();
}

// Read by hand, since RocksDB opens no log alone.
void Copies::ReadLogs(Copy& copy) {
  const auto tables = vault::AllTables();
  for (const DiskRun& run : world_.log().Runs()) {
    if (!run.path.ends_with(".log") || run.offset != 0) continue;
    copy.bytes += run.bytes.size();
    for (const WalRow& row : ReadWal(run.bytes)) {
      // Behind RocksDB's default family and the engine's own.
      if (row.column_family < 2) continue;
      const storage::TableId table = tables[row.column_family - 2].id;
      copy.attacker.AddRow(table, row.key, row.value);
      disk_.TakeRow(table, row.key, row.value);
    }
  }
}

absl::Status Copies::MakeBackup(const std::string& to) {
  LETHE_ASSIGN(const auto store, vault::backup::BackupStore::Make(world_.Beside("backups")));
  LETHE_ASSIGN(const std::set<crypto::Digest> there, store.Contents());
  const vault::Caller an_operator = {.principal = {"spiffe://test/operators/one", ""}};
  LETHE_ASSIGN(const auto source, world_->operations().CreateBackup(an_operator, {.there = there}));
  const auto signer =
      ArrayFrom<sizeof(crypto::PublicKey)>(AsBytes(world_->operations().Status().public_key));
  vault::backup::Receiver receiver(store, there, *signer);
  while (true) {
    LETHE_ASSIGN(const std::string piece, source->Next());
    if (piece.empty()) break;
    LETHE_TRY(receiver.Add(piece));
  }
  LETHE_ASSIGN(const auto found, receiver.Finish());
  fs::create_directories(to);
  return storage::RestoreEngine(storage::RocksSpec{.path = to + "/db"},
                                *store.CopyOf(found.manifest, [](std::uint64_t) {}));
}

CopyTallies Copies::Attack(const std::vector<Secret>& roots_left, const Texts& dead,
                           std::vector<std::string>& faults) const {
  CopyTallies tallies;
  for (const Copy& copy : copies_) {
    CopyTally& tally = tallies[copy.kind];
    ++tally.copies;
    tally.rows += copy.attacker.rows();
    tally.bytes += copy.bytes;
    const Texts died_since = Both(copy.living, dead);
    tally.died_since += died_since.size();
    for (const Secret& root : roots_left) {
      for (const std::string& text : Both(copy.attacker.OpenAll(root), dead)) {
        ++tally.recoverable;
        faults.push_back(NameOf(copy.kind) + ": opens with a root that is left: " + text);
      }
    }
    const std::size_t opened = Both(copy.attacker.OpenAll(copy.root), died_since).size();
    tally.control_opened += opened;
    if (opened < died_since.size()) {
      faults.push_back(NameOf(copy.kind) + ": the control opens too little");
    }
  }
  return tallies;
}

void AddTo(CopyTallies& all, const CopyTallies& more) {
  for (const auto& [kind, tally] : more) {
    CopyTally& sum = all[kind];
    sum.copies += tally.copies;
    sum.rows += tally.rows;
    sum.bytes += tally.bytes;
    sum.died_since += tally.died_since;
    sum.recoverable += tally.recoverable;
    sum.control_opened += tally.control_opened;
  }
}

std::string TableOf(const CopyTallies& copies) {
  std::string table =
      absl::StrFormat("%-34s %8s %9s %12s %12s %12s %9s\n", "copies, each attacked alone", "copies",
                      "rows", "bytes", "died since", "recoverable", "control");
  for (const auto& [kind, tally] : copies) {
    table += absl::StrFormat("%-34s %8d %9d %12d %12d %12d %9d\n", NameOf(kind), tally.copies,
                             tally.rows, tally.bytes, tally.died_since, tally.recoverable,
                             tally.control_opened);
  }
  return table;
}

}  // namespace lethe::test
