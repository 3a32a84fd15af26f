// Where a holder is and of what kind: as `lethe init` is told, and as vault.json says it.
#ifndef LETHE_VAULT_MODEL_HOLDER_SPEC_H_
#define LETHE_VAULT_MODEL_HOLDER_SPEC_H_

#include <optional>
#include <string>
#include <utility>

namespace lethe::vault {

// A PKCS#11 token that seals a holder's slots.
struct TokenSpec {
  std::string module;    // The vendor's library.
  std::string token;     // Its label.
  std::string pin_file;  // Holds the user PIN; for its owner's eyes only.

  friend bool operator==(const TokenSpec&, const TokenSpec&) = default;
};

struct HolderSpec {
  HolderSpec() = default;
  // A plain file holder, which is most of them.
  HolderSpec(std::string slots_path) : slots(std::move(slots_path)) {}  // NOLINT
  HolderSpec(std::string slots_path, TokenSpec token_spec)
      : slots(std::move(slots_path)), token(std::move(token_spec)) {}

  std::string slots;               // The file of its two slots.
  std::optional<TokenSpec> token;  // Absent: the file itself keeps the root.

  friend bool operator==(const HolderSpec&, const HolderSpec&) = default;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_HOLDER_SPEC_H_
