// Making and opening a vault on parts that somebody else brings: OpenVault on the real ones, tests
// on their own.
#ifndef LETHE_VAULT_OPEN_OPEN_PARTS_H_
#define LETHE_VAULT_OPEN_OPEN_PARTS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "storage/engine.h"
#include "vault/archive/archive.h"
#include "vault/calls/run_options.h"
#include "vault/holders/holder.h"
#include "vault/open/descriptor.h"
#include "vault/open/open.h"

namespace lethe::vault {

class OpenedVault;

struct VaultParts {
  VaultId id;
  bool dev = false;  // Made for development; its backups say so.
  std::unique_ptr<storage::Engine> engine;
  std::unique_ptr<archive::Archive> archive;  // Null with --no-archive.
  std::vector<std::unique_ptr<holders::Holder>> holders;
  std::function<absl::Status()> check_described;  // WatchedDescriptor's; null: in no folder.
};

// Those that the descriptor of the vault in `data_dir` names. UNAVAILABLE (kArchiveMissing): no
// archive at its path; DATA_LOSS: it is damaged; both say what to do. OpenHolders' errors.
absl::StatusOr<VaultParts> OpenParts(const std::string& data_dir, const Descriptor& descriptor,
                                     std::unique_ptr<storage::Engine> engine,
                                     const std::vector<holders::KeyService*>& services,
                                     Random& random);

// Writes the first tree and gives the parts up; open them again to use the vault.
absl::StatusOr<InitResult> CreateVaultOn(VaultParts parts, Clock& clock, Random& random);

absl::StatusOr<std::unique_ptr<OpenedVault>> OpenVaultOn(VaultParts parts,
                                                         const RunOptions& options, Clock& clock,
                                                         Random& random);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_OPEN_PARTS_H_
