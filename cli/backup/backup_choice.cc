#include "cli/backup/backup_choice.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lethe::cli {

using vault::backup::BackupStore;
using vault::backup::Standing;

void BindBackup(CLI::App& verb, BackupChoice& choice) {
  verb.add_option("--from", choice.from, "Folder of backups")->required();
  verb.add_option("--position", choice.position, "Which one (lethe backup list); default: newest");
}

absl::StatusOr<std::uint64_t> ChosenPosition(const BackupStore& store, const BackupChoice& choice) {
  if (choice.position != 0) return choice.position;
  LETHE_ASSIGN(const auto positions, store.List());
  if (positions.empty()) return absl::NotFoundError("no backup in this folder is whole");
  return positions.back();
}

absl::Status WithAnother(Console& console, const Clock& clock, const BackupStore& store,
                         std::uint64_t position, const absl::Status& why) {
  LETHE_ASSIGN(const std::vector<Standing> all, AllStandings(store));
  BackupReading reading(console, clock, store, {.mib_per_second = 0});
  const auto is_whole = [&reading](const Standing& standing) {
    if (!standing.manifest.has_value()) return false;
    const vault::backup::Manifest* manifest = &standing.manifest->manifest;
    reading.Begin({&manifest, 1});
    const bool whole = reading.verification().Check(*manifest).whole();
    reading.End();
    return whole;
  };
  // Then something else is wrong: another backup would not help.
  if (is_whole(StandingOf(store, position))) return why;
  const std::string text = absl::StrCat(std::string(why.message()), "; nothing was changed. ");
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    if (each->position == position || !is_whole(*each)) continue;
    return absl::DataLossError(
        absl::StrCat(text, "The backup of position ", each->position, ", of ",
                     absl::FormatTime(absl::RFC3339_sec, each->manifest->manifest.create_time,
                                      absl::UTCTimeZone()),
                     ", is whole: --position ", each->position));
  }
  return absl::DataLossError(text + "No other backup of this folder is whole");
}

}  // namespace lethe::cli
