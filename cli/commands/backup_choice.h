// Which backup of a folder a command means, and how one is printed.
#ifndef LETHE_CLI_COMMANDS_BACKUP_CHOICE_H_
#define LETHE_CLI_COMMANDS_BACKUP_CHOICE_H_

#include <cstdint>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "cli/output/output_format.h"
#include "crypto/signing.h"
#include "nlohmann/json.hpp"
#include "vault/backup/manifest.h"
#include "vault/backup/store.h"

namespace lethe::cli {

struct BackupChoice {
  std::string from;
  std::uint64_t position = 0;  // 0: the newest.
};

struct ChosenBackup {
  vault::backup::BackupStore store;
  vault::backup::Manifest manifest;
  crypto::PublicKey signer;
};

void BindBackup(CLI::App& verb, BackupChoice& choice);
// NOT_FOUND: no such folder, or no such backup in it.
absl::StatusOr<ChosenBackup> Choose(const BackupChoice& choice);

nlohmann::ordered_json ToJson(const vault::backup::Manifest& manifest);

}  // namespace lethe::cli

#endif  // LETHE_CLI_COMMANDS_BACKUP_CHOICE_H_
