// An OmniscientDisk has every byte that a recorded vault ever wrote, to files renamed, overwritten
// and deleted too, all but the slots of the holder. With one root it opens whatever follows.
#ifndef LETHE_TESTS_VAULT_WHOLE_OMNISCIENT_DISK_H_
#define LETHE_TESTS_VAULT_WHOLE_OMNISCIENT_DISK_H_

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tests/support/disk_log.h"
#include "tests/support/vault_attacker.h"
#include "tests/vault/whole/recorded_vault.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::test {

class OmniscientDisk {
 public:
  explicit OmniscientDisk(RecordedVault& world) : world_(world), attacker_(world.id()) {}

  // Takes every row that was written since it looked last: from the bytes of the archive, through
  // which every batch goes, and from the database as it is now.
  void Look();
  // Takes every row that a copy of the database holds, or one from anywhere.
  void Take(const storage::Reader& copy);
  void TakeRow(storage::TableId table, const std::string& key, const std::string& row);
  VaultAttacker::Loot Open(const Secret& root) const { return attacker_.Plunder(root); }

  // The entries of the shred log, in the order in which they were written.
  const std::vector<vault::shredlog::LogEntry>& shred_log() const { return shred_log_; }
  // Rows that stood in the database and in no byte of the archive: none, or the archive is no
  // second copy.
  std::size_t rows_past_the_archive() const { return rows_past_the_archive_; }
  // Different ones, of every table and of every moment.
  std::size_t rows() const { return rows_seen_.size(); }

  // Which of `secrets` stand in a byte ever written to anything but the slots.
  std::set<std::string> FindInAllBytes(std::span<const std::string> secrets) const;

 private:
  void TakeWrites();
  void TakeFrames(std::string& bytes, std::size_t& taken);
  void TakeBatch(const storage::Batch& batch);

  RecordedVault& world_;
  VaultAttacker attacker_;
  std::size_t events_taken_ = 0;
  struct Segment {
    std::string bytes;
    std::size_t taken = 0;
  };
  std::map<FileId, Segment> segments_;
  std::set<std::string> rows_seen_;  // Table, key and row, one behind the other.
  std::vector<vault::shredlog::LogEntry> shred_log_;
  std::size_t rows_past_the_archive_ = 0;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_OMNISCIENT_DISK_H_
