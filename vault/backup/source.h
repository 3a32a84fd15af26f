// The sending side of a backup: a copy of the engine, told as one stream (receiver.h).
#ifndef LETHE_VAULT_BACKUP_SOURCE_H_
#define LETHE_VAULT_BACKUP_SOURCE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/ids.h"
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
  bool dev = false;  // The vault is one for development.
};

// Writes go on while the stream is read; the copy goes away with the artifact.
// FAILED_PRECONDITION (kNoArchive): without an archive a backup is of no use after the next shred,
// and the request does not say that this is known.
absl::StatusOr<std::unique_ptr<Artifact>> OpenSource(const SourceParts& parts,
                                                     const BackupRequest& request);

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_SOURCE_H_
