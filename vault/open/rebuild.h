// A new archive in the place of one that is lost: the vault itself, database and holders, is whole,
// but nothing shows any more what led to it.
//
// The new archive begins where the database ends. Everything that lives is read, written and erased
// as before, and a backup taken from now on is restored with the new archive; a backup taken before
// is not, since what lies between is gone. Two people answer for that, by an entry in the shred
// log.
#ifndef LETHE_VAULT_OPEN_REBUILD_H_
#define LETHE_VAULT_OPEN_REBUILD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"

namespace lethe::vault {

namespace holders {
class KeyService;
}

struct RebuildOptions {
  std::string data_dir;                // Of the vault; no server runs.
  std::string archive_dir;             // Of the new archive: made if absent; holds no segment.
  std::vector<std::string> approvers;  // Two names; the log knows them by MACs.
  // As the server has them (OpenOptions); they outlive the call.
  std::vector<holders::KeyService*> key_services = {};
};

struct Rebuilt {
  std::uint64_t begins_after = 0;  // A backup before this position cannot be restored any more.
  std::uint64_t generation = 0;    // Of the root.
};

// The database first gets what is left of the old archive. A database that is older than its
// holders is found out by the start-up table before anything is written: what only the archive knew
// is then lost. vault.json names the new archive last; before that the command can be given again.
// In what is left of the old archive nothing is changed.
//   INVALID_ARGUMENT: not two approvers. NOT_FOUND: no vault. ALREADY_EXISTS: a server has it, or
//   the new folder holds segments.
//   FAILED_PRECONDITION: the archive is there and leads on from the database, so nothing is lost;
//   what is there is another vault's. UNAVAILABLE (kHolderUnreachable): no holder that opens it
//   answers, its key service, say.
//   DATA_LOSS (kChainBroken): the database is behind what is left of the archive; (kLeafLost):
//   behind its holders.
absl::StatusOr<Rebuilt> RebuildArchive(const RebuildOptions& options, Clock& clock, Random& random);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_REBUILD_H_
