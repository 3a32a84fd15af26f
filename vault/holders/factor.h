// A Factor keeps one share of the root for a holder, anew for each root: destroying what it kept
// destroys the root there. (The outer share, which a key service seals, lives longer: outer_seal.h)
#ifndef LETHE_VAULT_HOLDERS_FACTOR_H_
#define LETHE_VAULT_HOLDERS_FACTOR_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/memory/secret.h"
#include "vault/holders/slot.h"
#include "vault/holders/token_keys.h"

namespace lethe::vault::holders {

class Factor {
 public:
  virtual ~Factor() = default;

  virtual PartType type() const = 0;
  virtual std::string name() const = 0;

  // The part of the slot described by `head` that keeps `share`. UNAVAILABLE: silent.
  virtual absl::StatusOr<SlotPart> Keep(const SlotContent& head, const Secret& share) = 0;
  // DATA_LOSS (kDecryptFailed): this part will never give its share. UNAVAILABLE: silent.
  virtual absl::StatusOr<Secret> Give(const SlotContent& head, const SlotPart& part) = 0;
  // What replacing the share is worth; nothing where that depends on the file of the slots.
  virtual std::optional<Assurance> CheckAssurance(std::string* why) = 0;
  // Destroys what was kept outside the slots for any other parts than `named`.
  virtual absl::Status DestroyAllBut(const std::vector<SlotPart>& named) = 0;
};

// The share stands in the slot itself.
std::unique_ptr<Factor> NewFileFactor();

//   part = 16 token key id, sealed share 60          AAD: vault 16, U64 generation
std::unique_ptr<Factor> NewTokenFactor(std::unique_ptr<TokenKeys> token);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_FACTOR_H_
