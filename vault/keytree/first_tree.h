// The first tree of a vault: one page, and one leaf that is the vault's own.
#ifndef LETHE_VAULT_KEYTREE_FIRST_TREE_H_
#define LETHE_VAULT_KEYTREE_FIRST_TREE_H_

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "crypto/signing.h"
#include "storage/batch.h"
#include "vault/holders/slot.h"
#include "vault/keytree/place.h"

namespace lethe::vault::keytree {

// The first leaf of every vault: its own secret, which is never shredded.
inline constexpr Place kVaultLeaf{0, 0};

// Of receipts and log entries.
crypto::SigningKey SigningKeyOf(const Secret& vault_secret);

struct FirstTree {
  holders::SlotContent slot;  // For every holder.
  storage::Batch change;      // The nodes, the leaf, and INIT in the log.
};

FirstTree MakeFirstTree(const VaultId& vault, const std::vector<std::string>& holder_names,
                        Clock& clock, Random& random);

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_FIRST_TREE_H_
