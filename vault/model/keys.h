// The root and its holders, as an operator sees them.
#ifndef LETHE_VAULT_MODEL_KEYS_H_
#define LETHE_VAULT_MODEL_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"

namespace lethe::vault {

// How surely the old root is gone; the weakest holder decides.
enum class Assurance : std::uint8_t {  // On disk; never reuse.
  kNone = 0,
  kUnverified = 1,
  kTest = 2,
  kHost = 3,
  kHardware = 4,
};

inline constexpr EnumName<Assurance> kAssuranceNames[] = {
    {Assurance::kNone, "none"}, {Assurance::kUnverified, "unverified"}, {Assurance::kTest, "test"},
    {Assurance::kHost, "host"}, {Assurance::kHardware, "hardware"},
};
constexpr std::string_view NameOf(Assurance value) {
  return FindName<Assurance>(kAssuranceNames, value);
}

// One holder of the root, as an operator sees it.
struct HolderStatus {
  std::string name;
  std::vector<std::string> factors;  // "file", "pkcs11", "kmsv2".
  bool reachable = false;
  bool current = false;  // Holds the root of now.
  Assurance assurance = Assurance::kNone;
  std::string why;          // Why no better; a literal. Empty where there is nothing to say.
  std::string service;      // Of the key service that seals its outer part; empty: none.
  std::string service_key;  // The key version there.
};

// The root and where it is.
struct KeyStatus {
  std::uint64_t generation = 0;
  int levels = 0;
  std::uint64_t owner_epoch = 0;
  Assurance assurance = Assurance::kNone;
  bool attempt_unresolved = false;  // A holder fell silent in the middle: erases wait.
  std::string unresolved_why;
  std::vector<HolderStatus> holders;
  std::vector<std::string> retired_holders;
  // Key versions ("service/id") that could still open old copies of a slot: destroy them at the
  // service, then attest it.
  std::vector<std::string> open_horizons;
  std::string retirement_asked;  // A holder that a first approver wants to retire; empty: none.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_KEYS_H_
