// What the holders of a vault show in clear, before any factor opens them: whose they are, and
// which roots they have by their commitments.
#ifndef LETHE_VAULT_OPEN_HOLDER_HEADS_H_
#define LETHE_VAULT_OPEN_HOLDER_HEADS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "crypto/kdf.h"
#include "vault/open/descriptor.h"

namespace lethe::vault {

struct HolderHead {
  std::string name;    // HolderName's.
  bool there = false;  // There is a file at its path.
  VaultId vault;
  bool of_service = false;                // A key service sealed a share of it.
  std::vector<crypto::Commitment> roots;  // Of its whole slots.
};

// One a holder, in the descriptor's order. Reads only; all that are there are of one vault.
//   NOT_FOUND: none is there.
//   FAILED_PRECONDITION (kHolderNeeded): a file that is there is no holder's, one of another kind
//   than the descriptor says, or two are of different vaults; the message names them.
absl::StatusOr<std::vector<HolderHead>> ReadHolderHeads(const std::string& data_dir,
                                                        const Descriptor& descriptor);
// Of those that are there.
VaultId VaultOf(const std::vector<HolderHead>& heads);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_HOLDER_HEADS_H_
