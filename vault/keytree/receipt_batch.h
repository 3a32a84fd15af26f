// One Ed25519 signature for all receipts of an attempt: it covers the root of the Merkle tree over
// their statements, and each receipt carries the path from its own statement to that root.
//
// Signed:   "lethe.receipts.v1" | vault 16 | U64 size | root 32
// A leaf is SHA-256(0x00 | statement), as RFC 6962 has it.
#ifndef LETHE_VAULT_KEYTREE_RECEIPT_BATCH_H_
#define LETHE_VAULT_KEYTREE_RECEIPT_BATCH_H_

#include <span>
#include <string_view>
#include <vector>

#include "crypto/signing.h"
#include "vault/model/erasure.h"

namespace lethe::vault::keytree {

// One proof a statement, in the same order.
std::vector<BatchProof> SignBatch(const VaultId& vault, const crypto::SigningKey& key,
                                  std::span<const std::string_view> statements);

// Was `statement` among those that `key` signed for `vault`, at the place the proof says?
bool VerifyBatch(const VaultId& vault, const crypto::PublicKey& key, std::string_view statement,
                 const BatchProof& proof);

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_RECEIPT_BATCH_H_
