// Who of the commits that wait may be written now: asked before anything of a group is.
#ifndef LETHE_VAULT_JOURNAL_ADMISSION_H_
#define LETHE_VAULT_JOURNAL_ADMISSION_H_

#include <vector>

#include "absl/status/status.h"
#include "storage/engine.h"
#include "vault/archive/archive.h"
#include "vault/journal/journal_group.h"

namespace lethe::vault {

struct AdmissionParts {
  const storage::Engine& engine;
  const archive::Archive* archive;    // May be null.
  const absl::Status& archive_there;  // Not OK, for now: nothing can be appended.
  const absl::Status& engine_there;   // CheckEngineThere's.
  bool engine_keeps_events;           // While it is missing; else their bound is reached.
};

// The next start finds what is written now. UNAVAILABLE (kDatabaseMissing): not so, how, and what
// to do.
absl::Status CheckEngineThere(const storage::Engine& engine);

// Finishes those that must not be written now, and returns the others: without the archive what
// promises it, without the engine's files what would stand in them alone, without room the most
// easily put off first.
std::vector<PendingCommit*> Admit(std::vector<PendingCommit*> commits, const AdmissionParts& parts);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_JOURNAL_ADMISSION_H_
