// A journal over an engine and an archive in memory, both of which outlive it, as disks do: a test
// restarts it, cuts the power, fails a call.
#ifndef LETHE_TESTS_VAULT_JOURNAL_JOURNAL_FIXTURE_H_
#define LETHE_TESTS_VAULT_JOURNAL_JOURNAL_FIXTURE_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "base/check.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_engine.h"
#include "tests/vault/archive/memory_folder.h"
#include "vault/archive/archive.h"
#include "vault/journal/journal.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {

// What an engine was told, and what is left of it after a power cut.
struct EngineDisk {
  struct Write {
    storage::Batch batch;
    std::uint64_t position;
    storage::Durability durability;
  };
  std::shared_ptr<storage::Engine> engine = NewMemoryEngine(vault::AllTables());
  absl::Mutex mutex;
  std::vector<Write> writes;
  std::function<absl::Status()> before_write = [] { return absl::OkStatus(); };
  std::function<absl::Status(std::uint64_t)> reserve = [](std::uint64_t) {
    return absl::OkStatus();
  };
  absl::Status there = absl::OkStatus();       // Its files are at their path.
  absl::Status background = absl::OkStatus();  // Of its flushes and compactions.

  std::vector<Write> Writes() {
    absl::MutexLock lock(&mutex);
    return writes;
  }
  // Back to the last synced write and what came before it.
  void LosePower() {
    while (!writes.empty() && writes.back().durability != storage::Durability::kSynced) {
      writes.pop_back();
    }
    engine = NewMemoryEngine(vault::AllTables());
    for (const Write& write : writes) {
      LETHE_CHECK(engine->Write(write.batch, write.position, write.durability).ok());
    }
  }
};

class WatchedEngine final : public storage::Engine {
 public:
  explicit WatchedEngine(std::shared_ptr<EngineDisk> disk)
      : disk_(std::move(disk)), engine_(disk_->engine) {}

  absl::StatusOr<std::string> Get(storage::TableId table, std::string_view key) const override {
    return engine_->Get(table, key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      storage::TableId table, std::span<const std::string> keys) const override {
    return engine_->MultiGet(table, keys);
  }
  absl::StatusOr<std::vector<storage::Row>> Scan(storage::TableId table,
                                                 const storage::Range& range,
                                                 std::size_t limit) const override {
    return engine_->Scan(table, range, limit);
  }
  absl::Status Write(const storage::Batch& batch, std::uint64_t position,
                     storage::Durability durability) override {
    if (absl::Status status = disk_->before_write(); !status.ok()) return status;
    {
      absl::MutexLock lock(&disk_->mutex);
      disk_->writes.push_back({batch, position, durability});
    }
    return engine_->Write(batch, position, durability);
  }
  absl::Status CheckRoom(std::uint64_t bytes, storage::Room room) const override {
    LETHE_TRY(disk_->background);
    return room == storage::Room::kSpare ? disk_->reserve(bytes) : absl::OkStatus();
  }
  absl::Status CheckThere() const override { return disk_->there; }
  std::uint64_t Position() const override { return engine_->Position(); }
  std::unique_ptr<storage::Reader> Snapshot() const override { return engine_->Snapshot(); }
  absl::StatusOr<std::unique_ptr<storage::EngineCopy>> Copy() override { return engine_->Copy(); }
  absl::Status Compact() override { return engine_->Compact(); }

 private:
  const std::shared_ptr<EngineDisk> disk_;
  const std::shared_ptr<storage::Engine> engine_;
};

class JournalTest : public testing::Test {
 protected:
  using Durability = storage::Durability;

  JournalTest() {
    MemoryFolder folder(folder_);
    EXPECT_TRUE(vault::archive::Archive::Create(folder, VaultId()).ok());
    EXPECT_TRUE(Start().ok());
  }

  absl::StatusOr<std::unique_ptr<vault::archive::Archive>> OpenArchive() {
    return vault::archive::Archive::Open(std::make_unique<MemoryFolder>(folder_), VaultId(),
                                         segment_bytes_max_);
  }

  absl::Status Start() {
    journal_ = nullptr;
    auto archive = OpenArchive();
    if (!archive.ok()) return archive.status();
    auto journal = vault::Journal::Open(std::make_unique<WatchedEngine>(engine_),
                                        *std::move(archive), clock_, random_);
    if (journal.ok()) journal_ = *std::move(journal);
    return journal.status();
  }

  // One row under `key` in a table of the vault's, one event.
  static storage::Batch Row(const std::string& key, const std::string& value = "v") {
    storage::Batch change;
    change.Put(vault::table::kMeta, key, value);
    return change;
  }
  static std::vector<vault::audit::Event> Events(int count = 1) {
    return std::vector<vault::audit::Event>(count);
  }
  absl::StatusOr<vault::Journal::Committed> Commit(storage::Batch change,
                                                   Durability durability = Durability::kSynced) {
    return journal_->Commit(Events(), std::move(change), durability);
  }
  bool Has(const std::string& key) const {
    return engine_->engine->Get(vault::table::kMeta, key).ok();
  }
  std::size_t CountRows(storage::TableId table) const {
    return engine_->engine->Scan(table, {}, storage::Reader::kScanRowsMax)->size();
  }

  // Of the archive that the next Start opens. 1: every frame but the first opens a segment.
  std::uint64_t segment_bytes_max_ = vault::archive::Archive::kSegmentBytesMax;
  std::shared_ptr<EngineDisk> engine_ = std::make_shared<EngineDisk>();
  std::shared_ptr<FolderDisk> folder_ = std::make_shared<FolderDisk>();
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  SystemRandom random_;
  std::unique_ptr<vault::Journal> journal_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_JOURNAL_JOURNAL_FIXTURE_H_
