// The sending side of a backup: a checkpoint of the database, told as one stream (receiver.h).
#ifndef LETHE_VAULT_BACKUP_SOURCE_H_
#define LETHE_VAULT_BACKUP_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "crypto/signing.h"
#include "vault/journal/journal.h"
#include "vault/model/artifact.h"
#include "vault/model/backup.h"

namespace lethe::vault::backup {

struct SourceParts {
  VaultId vault;
  Journal& journal;
  const crypto::SigningKey& key;
  Clock& clock;
  Random& random;
  // Where checkpoints are made and removed: on the database's own file system, so that its files
  // are linked and not copied.
  std::string folder;
};

// Writes go on while the stream is read; the checkpoint goes away with the artifact.
// FAILED_PRECONDITION (kNoArchive): without an archive a backup is of no use after the next shred,
// and the request does not say that this is known.
absl::StatusOr<std::unique_ptr<Artifact>> OpenSource(const SourceParts& parts,
                                                     const BackupRequest& request);

// Removes checkpoints that a killed process left.
void RemoveLeftovers(const std::string& folder);

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_SOURCE_H_
