// Brings a vault back from a backup, the archive and one of its holders; where there is no archive,
// from a backup since which nothing was shredded.
//
// The backup's files become the new vault's engine; opening it replays the archive to its end
// and then asks the start-up table (docs/architecture.md). Keys, rights and records are then
// today's by construction: what was erased after the backup stays erased.
#ifndef LETHE_VAULT_OPEN_RESTORE_H_
#define LETHE_VAULT_OPEN_RESTORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "vault/backup/manifest.h"
#include "vault/backup/store.h"
#include "vault/model/holder_spec.h"

namespace lethe::vault {

namespace holders {
class KeyService;
}

struct RestoreOptions {
  std::string data_dir;             // Made if absent; must be empty.
  std::vector<HolderSpec> holders;  // The vault's own, where they are; never copies.
  std::string archive_dir;          // The vault's own; empty: lost, or there never was one.
  // Without an archive what came behind the backup is gone: records, but also restrictions. Two
  // people answer for that; the restored vault's shred log knows them. Names, by MACs.
  std::vector<std::string> gap_approvers;
  // As at init: holders anywhere, assurance "unverified". A backup of such a vault says so itself.
  bool dev = false;
  // As the server has them (OpenOptions); they outlive the call.
  std::vector<holders::KeyService*> key_services = {};
};

// Two different names of 1 to 63 bytes.
bool AreTwoPeople(const std::vector<std::string>& approvers);

struct Restored {
  std::uint64_t backup_position = 0;  // Where the backup ended.
  std::uint64_t position = 0;    // Where the vault is: the archive's end, and its start on top.
  std::uint64_t generation = 0;  // Of the root.
};

// Reads the whole backup before it makes anything, then once more to copy it (`progress` counts
// both); checks before it writes, and opens once, so that a vault that cannot be served is found
// out now. Whatever fails, nothing was deleted in archive (but a torn end), holders and store, and
// `data_dir` holds no vault. Before the holders are settled they are as they were; after it they
// have the same root under the next owner epoch, and a shred that was cut off is settled.
//   INVALID_ARGUMENT: without an archive there are not two approvers, or with one there are; an
//   archive for a backup of a vault that has none.
//   FAILED_PRECONDITION: the folder is not empty; the archive is another vault's. UNAVAILABLE
//   (kHolderUnreachable): no holder that opens it answers, its key service, say.
//   DATA_LOSS without a reason: a file of the backup is damaged, and named; nothing was made.
//   DATA_LOSS (kChainBroken): the archive ends before the backup, lacks a part behind it, or tells
//   another history; (kLeafLost): no holder opens what the archive leads to, because the archive
//   (or without one the backup) ends before the last erasure, or the holder is not of this vault's
//   last state.
absl::StatusOr<Restored> RestoreVault(const backup::BackupStore& store,
                                      const backup::Manifest& manifest,
                                      const RestoreOptions& options, Clock& clock, Random& random,
                                      const backup::BackupStore::Progress& progress);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_RESTORE_H_
