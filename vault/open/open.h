// Making a vault's folder and opening it.
#ifndef LETHE_VAULT_OPEN_OPEN_H_
#define LETHE_VAULT_OPEN_OPEN_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "storage/engine_spec.h"
#include "vault/model/holder_spec.h"
#include "vault/model/tenant_config.h"
#include "vault/vault.h"

namespace lethe::vault {

namespace holders {
class KeyService;
}

// Where a vault lives. The holder belongs on a volume of its own that nobody snapshots, and the
// archive beside it; `dev` allows one folder for all, at assurance "unverified".
struct InitOptions {
  std::string data_dir;             // Made if absent; must be empty.
  std::vector<HolderSpec> holders;  // One to three; with dev data_dir/holder.slots.
  std::string archive_dir;          // Default data_dir/archive with dev.
  bool no_archive = false;          // Then no backup can be restored after a shred.
  bool dev = false;
};

struct InitResult {
  VaultId vault_id;
  Assurance assurance;
  std::string public_key;  // Ed25519, 32 bytes.
};

// ALREADY_EXISTS: the folder holds a vault (nothing is changed). FAILED_PRECONDITION: the holder's
// file system cannot forget (the message says which property is missing) and `dev` is false.
absl::StatusOr<InitResult> InitVault(const InitOptions& options, Clock& clock, Random& random);

// What is gone, and the two people who answer for that: by a restore without an archive, what came
// behind `position` of the journal; by a new archive, the copy of what came up to there.
struct Gap {
  std::uint64_t position = 0;
  std::array<std::string, 2> approvers;
};

struct OpenOptions {
  std::string data_dir;
  // New ones are made; a tenant once made is never dropped here.
  std::vector<TenantConfig> tenants;
  // Update and delete shred no later than this; 0: before the answer.
  absl::Duration doomed_delay = absl::Seconds(60);
  bool durable_reads = true;   // The event of a read is on disk before its answer leaves.
  storage::EngineSpec engine;  // Where it names no place of its own: in the data folder.
  // Seal the holders' outer parts: the first seals, all open. They outlive the vault.
  std::vector<holders::KeyService*> key_services;
  std::optional<Gap> gap;  // To be written into the shred log, by a restore.
};

// ALREADY_EXISTS: the folder holds a vault. FAILED_PRECONDITION: it is not empty, or no folder.
absl::Status CheckUnused(const std::string& data_dir);
// Makes the folder of a new vault. CheckUnused's errors. FAILED_PRECONDITION: it cannot be made.
absl::Status CheckNewFolder(const std::string& data_dir);

// Opens the vault, finishes or undoes whatever a crash cut off (docs/architecture.md, "start-up"),
// and returns when it can serve by name; identifiers load behind it.
// NOT_FOUND: no vault here. ALREADY_EXISTS: another process has it. UNAVAILABLE: a holder that
// could decide is silent. DATA_LOSS: no holder opens it, or files are damaged; nothing was changed.
absl::StatusOr<std::unique_ptr<Vault>> OpenVault(const OpenOptions& options, Clock& clock,
                                                 Random& random);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_OPEN_H_
