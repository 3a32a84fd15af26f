// Backups. An operator's call: it is about no person and no tenant, and what it hands out is
// ciphertext.
#ifndef LETHE_VAULT_BACKUP_BACKUP_CALLS_H_
#define LETHE_VAULT_BACKUP_BACKUP_CALLS_H_

#include <memory>
#include <set>

#include "absl/status/statusor.h"
#include "crypto/hash.h"
#include "vault/calls/desk.h"
#include "vault/model/artifact.h"
#include "vault/model/backup.h"
#include "vault/model/caller.h"
#include "vault/vault.h"

namespace lethe::vault::backup {

class BackupCalls : public virtual Operations {
 public:
  BackupCalls(calls::Desk& desk, const VaultId& vault, bool dev)
      : desk_(desk), vault_(vault), dev_(dev) {}

  absl::StatusOr<std::unique_ptr<Artifact>> CreateBackup(const Caller& caller,
                                                         const BackupRequest& request) override;

 private:
  calls::Desk& desk_;
  const VaultId vault_;
  const bool dev_;  // The vault is one for development.
};

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_BACKUP_CALLS_H_
