// The keys of a real PKCS#11 token: AES-256 objects that are sensitive and not extractable,
// labelled with the vault they belong to.
#ifndef LETHE_VAULT_KEYTREE_PKCS11_TOKEN_H_
#define LETHE_VAULT_KEYTREE_PKCS11_TOKEN_H_

#include <memory>

#include "base/ids.h"
#include "base/random.h"
#include "vault/holder_spec.h"
#include "vault/keytree/token_keys.h"

namespace lethe::vault::keytree::pkcs11 {

// Reaches for the token at the first call, and again at the next one after it fell silent.
std::unique_ptr<TokenKeys> NewTokenKeys(TokenSpec spec, const VaultId& vault, Random& random);

}  // namespace lethe::vault::keytree::pkcs11

#endif  // LETHE_VAULT_KEYTREE_PKCS11_TOKEN_H_
