// How a backup of a folder stands, told without reading its contents: from what they look like and
// from the note of the last reading.
#ifndef LETHE_VAULT_BACKUP_STANDING_H_
#define LETHE_VAULT_BACKUP_STANDING_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "vault/backup/manifest.h"
#include "vault/backup/store.h"
#include "vault/backup/verification.h"

namespace lethe::vault::backup {

enum class State {
  kGood,        // Every file was read just now, and is whole.
  kVerified,    // Every file was whole when it was read last, and none looks different since.
  kUnverified,  // Nobody has read it since it was made, or since a file of it was written to.
  kDamaged,     // A file of it, or its manifest, is missing or not what was backed up.
};

// Upper-snake; empty for what is none of them.
std::string_view NameOf(State state);

struct Standing {
  std::uint64_t position = 0;
  std::optional<SignedManifest> manifest;  // Absent: it is damaged.
  State state = State::kUnverified;
  std::optional<absl::Time> verify_time;  // Of the last reading, if it still says something.
  std::vector<BadFile> bad;
};

// Missing files and files of another size are seen by looking; other bytes under an old look only
// by reading.
Standing StandingOf(const BackupStore& store, std::uint64_t position);
// Of all of them, ascending. UNAVAILABLE: the folder cannot be read.
absl::StatusOr<std::vector<Standing>> AllStandings(const BackupStore& store);

// Reads the backup of `before`, whose state is then kGood or kDamaged, and leaves a note of it.
// `noted` is why there is no note, where there is none: the folder may be one that nobody writes.
Standing ReadAgain(const BackupStore& store, const Standing& before, Verification& verification,
                   absl::Time now, absl::Status* noted);

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_STANDING_H_
