#include "vault/backup/backup_calls.h"

#include "base/status_macros.h"
#include "vault/backup/source.h"

namespace lethe::vault::backup {

absl::StatusOr<std::unique_ptr<Artifact>> BackupCalls::Create(const Caller& caller,
                                                              const BackupRequest& request) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kCreateBackup),
                      [&](calls::Call& call) -> absl::StatusOr<std::unique_ptr<Artifact>> {
                        if (!caller.principal.tenant.empty()) {
                          return Refuse(Reason::kRoleMissing, "backups are for operators");
                        }
                        calls::Stores& s = desk_.s;
                        LETHE_ASSIGN(auto source,
                                     backup::OpenSource({.vault = vault_,
                                                         .journal = *s.journal,
                                                         .key = s.tree->signing_key(),
                                                         .clock = s.clock,
                                                         .random = s.random,
                                                         .folder = s.options.checkpoint_dir},
                                                        request));
                        LETHE_TRY(desk_.CommitRead(call));
                        return source;
                      });
}

}  // namespace lethe::vault::backup
