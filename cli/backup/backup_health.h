// Whether a folder of backups is what somebody relies on: the newest is young enough, all of them
// are whole, and not too long ago somebody read that they are.
#ifndef LETHE_CLI_BACKUP_BACKUP_HEALTH_H_
#define LETHE_CLI_BACKUP_BACKUP_HEALTH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "vault/backup/standing.h"

namespace lethe::cli {

struct BackupLimits {
  absl::Duration age;         // Of the newest backup.
  absl::Duration verify_age;  // Of every backup's last reading.
};

struct BackupHealth {
  std::optional<vault::backup::Standing> newest;
  std::optional<absl::Duration> age;         // Of the newest, unless its manifest is damaged.
  std::optional<absl::Duration> verify_age;  // The greatest of all that were ever read.
  int backups = 0;
  int verified = 0;
  int unverified = 0;
  int damaged = 0;
  std::vector<std::string> problems;  // A sentence each; none: all is well.
};

BackupHealth HealthOf(const std::vector<vault::backup::Standing>& standings,
                      const BackupLimits& limits, absl::Time now);

nlohmann::ordered_json ToJson(const BackupHealth& health);

}  // namespace lethe::cli

#endif  // LETHE_CLI_BACKUP_BACKUP_HEALTH_H_
