// A token in memory: what a PKCS#11 token does for the key tree, with its keys in a shared store
// that outlives the process that uses it, and with faults on demand.
#ifndef LETHE_TESTS_VAULT_HOLDERS_TOKEN_MODEL_H_
#define LETHE_TESTS_VAULT_HOLDERS_TOKEN_MODEL_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "vault/holders/token_keys.h"

namespace lethe::test {

// The token itself. Copying it is the copy nobody can make of a real one: for controls.
struct TokenStore {
  std::map<vault::holders::TokenKeys::Id, std::string> keys;
  std::function<absl::Status()> before_call = [] { return absl::OkStatus(); };
  bool keeps_destroyed = false;  // A mutant: says yes and destroys nothing.
};

std::unique_ptr<vault::holders::TokenKeys> TokenOn(std::shared_ptr<TokenStore> store);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_HOLDERS_TOKEN_MODEL_H_
