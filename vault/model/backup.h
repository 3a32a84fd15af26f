// What a backup is asked for with.
#ifndef LETHE_VAULT_MODEL_BACKUP_H_
#define LETHE_VAULT_MODEL_BACKUP_H_

#include <set>

#include "crypto/hash.h"

namespace lethe::vault {

struct BackupRequest {
  std::set<crypto::Digest> there;  // Contents that the receiver has already; they are not sent.
  // A vault without an archive gives only backups that no holder opens after the next shred;
  // whoever wants one must say that this is known.
  bool dies_with_next_shred = false;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_BACKUP_H_
