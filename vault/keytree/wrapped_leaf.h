// Sealing one leaf under its group's key, and opening it again.
//
//   sealed = AES-256-GCM(group key, secret,
//                        AAD = "lethe.leaf.v1" | vault | group64 | slot8 | generation64)
#ifndef LETHE_VAULT_KEYTREE_WRAPPED_LEAF_H_
#define LETHE_VAULT_KEYTREE_WRAPPED_LEAF_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "vault/keytree/leaf.h"
#include "vault/keytree/place.h"

namespace lethe::vault::keytree {

WrappedLeaf WrapLeaf(const VaultId& vault, const Place& place, std::uint64_t generation,
                     const Secret& group_key, const Secret& secret);
// DATA_LOSS: does not authenticate, or is not the secret it commits to.
absl::StatusOr<Secret> UnwrapLeaf(const VaultId& vault, const Place& place,
                                  const WrappedLeaf& wrapped, const Secret& group_key);

// The row in table kLeaf: U8 format, WrappedLeaf.
std::string EncodeLeafRow(const WrappedLeaf& wrapped);
absl::StatusOr<WrappedLeaf> DecodeLeafRow(Bytes row);

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_WRAPPED_LEAF_H_
