// Which backup of a folder a command means, and which other one would do.
#ifndef LETHE_CLI_BACKUP_BACKUP_CHOICE_H_
#define LETHE_CLI_BACKUP_BACKUP_CHOICE_H_

#include <cstdint>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "cli/backup/backup_reading.h"
#include "cli/output/console.h"
#include "vault/backup/manifest.h"
#include "vault/backup/store.h"

namespace lethe::cli {

struct BackupChoice {
  std::string from;
  std::uint64_t position = 0;  // 0: the newest.
};

void BindBackup(CLI::App& verb, BackupChoice& choice);
// The position that is meant. NOT_FOUND: there is no backup.
absl::StatusOr<std::uint64_t> ChosenPosition(const vault::backup::BackupStore& store,
                                             const BackupChoice& choice);

// `why` the backup of `position` cannot be restored, and, where that is because it is damaged,
// which other one can: the newest that is whole, each read until one is.
absl::Status WithAnother(Console& console, const Clock& clock,
                         const vault::backup::BackupStore& store, std::uint64_t position,
                         const absl::Status& why);

}  // namespace lethe::cli

#endif  // LETHE_CLI_BACKUP_BACKUP_CHOICE_H_
