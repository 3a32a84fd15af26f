// Takes a backup into a store: brings what is new, reads back all that the backup consists of, and
// only then is there a backup.
//
// Whoever sends is told what the store has before it tells what it needs, so what of it is damaged
// comes out behind the stream. The sender is then asked once more, as if the store had none of
// that: it sends it again, and once it is whole it takes the damaged content's place, which mends
// every older backup that shares it.
#ifndef LETHE_VAULT_BACKUP_TAKING_H_
#define LETHE_VAULT_BACKUP_TAKING_H_

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/signing.h"
#include "vault/backup/manifest.h"
#include "vault/backup/receiver.h"
#include "vault/backup/store.h"
#include "vault/backup/verification.h"

namespace lethe::vault::backup {

// Asks the vault for a backup without the contents `there` and hands the stream, to its end, to
// `receiver`.
using Fetch =
    std::function<absl::Status(const std::set<crypto::Digest>& there, Receiver& receiver)>;

struct TakingParts {
  const BackupStore& store;
  const crypto::PublicKey& signer;  // Whose signature must be under the manifest.
  Fetch fetch;
  // Reads what the manifest of each stream lists; `before` is told it first.
  Verification& verification;
  std::function<void(const Manifest&)> before;
  const Clock& clock;
};

struct Taken {
  SignedManifest manifest;
  std::uint64_t bytes_received = 0;
  std::vector<BadFile> mended;  // Were damaged in the store and are whole again.
  std::vector<BadFile> lost;    // Were damaged, and the vault has no use for them any more.
};

// Fetch's errors. DATA_LOSS: the storage gives back other bytes than were just written to it.
absl::StatusOr<Taken> Take(const TakingParts& parts);

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_TAKING_H_
