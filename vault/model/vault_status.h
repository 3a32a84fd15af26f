// How the vault is: for health, doctor and `lethe status`.
#ifndef LETHE_VAULT_MODEL_VAULT_STATUS_H_
#define LETHE_VAULT_MODEL_VAULT_STATUS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "vault/model/chore_status.h"
#include "vault/model/keys.h"

namespace lethe::vault {

struct VaultStatus {
  bool identifiers_loaded = false;
  bool sealed = false;           // Fail-stop: a write failed; restart decides.
  std::uint64_t generation = 0;  // Of the root.
  std::uint64_t journal_sequence = 0;
  // Category keys handed out since the start, cached ones too (P4).
  std::uint64_t category_unwraps = 0;
  Assurance assurance = Assurance::kNone;
  bool has_archive = false;
  std::string public_key;  // Ed25519, 32 bytes.
  std::vector<ChoreStatus> chores;
  // A sentence for each thing that somebody must see to, with what to do. Literals and names of
  // holders; empty where all is well.
  std::vector<std::string> alarms;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_VAULT_STATUS_H_
