// The keys of a real PKCS#11 token: AES-256 objects that are sensitive and not extractable,
// labelled with the vault they belong to.
#ifndef LETHE_VAULT_HOLDERS_PKCS11_TOKEN_H_
#define LETHE_VAULT_HOLDERS_PKCS11_TOKEN_H_

#include <memory>

#include "base/ids.h"
#include "base/random.h"
#include "vault/holders/token_keys.h"
#include "vault/model/holder_spec.h"

namespace lethe::vault::holders::pkcs11 {

// Reaches for the token at the first call, and again at the next one after it fell silent.
std::unique_ptr<TokenKeys> NewTokenKeys(TokenSpec spec, const VaultId& vault, Random& random);

}  // namespace lethe::vault::holders::pkcs11

#endif  // LETHE_VAULT_HOLDERS_PKCS11_TOKEN_H_
