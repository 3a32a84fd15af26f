#include "vault/backup/backup_calls.h"

#include "base/status_macros.h"
#include "vault/backup/source.h"

namespace lethe::vault::backup {

absl::StatusOr<std::unique_ptr<Artifact>> BackupCalls::CreateBackup(const Caller& caller,
                                                                    const BackupRequest& request) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kCreateBackup),
                      [&](calls::Call& call) -> absl::StatusOr<std::unique_ptr<Artifact>> {
                        if (!caller.principal.tenant.empty()) {
                          return Refuse(Reason::kRoleMissing, "backups are for operators");
                        }
                        calls::Stores& stores = desk_.stores;
                        LETHE_ASSIGN(auto source, OpenSource({.vault = vault_,
                                                              .journal = *stores.journal,
                                                              .key = stores.tree->signing_key(),
                                                              .clock = stores.clock,
                                                              .dev = dev_},
                                                             request));
                        LETHE_TRY(desk_.CommitRead(call));
                        return source;
                      });
}

}  // namespace lethe::vault::backup
