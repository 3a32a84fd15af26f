#include "cli/commands/backup_choice.h"

#include "base/status_macros.h"

namespace lethe::cli {

void BindBackup(CLI::App& verb, BackupChoice& choice) {
  verb.add_option("--from", choice.from, "Folder of backups")->required();
  verb.add_option("--position", choice.position, "Which one (lethe backup list); default: newest");
}

absl::StatusOr<ChosenBackup> Choose(const BackupChoice& choice) {
  LETHE_ASSIGN(auto store, vault::backup::BackupStore::Open(choice.from));
  std::uint64_t position = choice.position;
  if (position == 0) {
    LETHE_ASSIGN(const auto positions, store.List());
    if (positions.empty()) return absl::NotFoundError("no backup in this folder is whole");
    position = positions.back();
  }
  LETHE_ASSIGN(auto found, store.Load(position));
  return ChosenBackup{std::move(store), std::move(found.manifest), found.signer};
}

nlohmann::ordered_json ToJson(const vault::backup::Manifest& manifest) {
  return {{"position", manifest.position},
          {"vaultId", manifest.vault.ToString()},
          {"createTime",
           absl::FormatTime(absl::RFC3339_sec, manifest.create_time, absl::UTCTimeZone())},
          {"files", manifest.files.size()},
          {"sizeBytes", manifest.size_bytes()},
          {"archived", manifest.archived}};
}

}  // namespace lethe::cli
