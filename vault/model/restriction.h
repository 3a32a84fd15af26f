// Restriction of processing (Art. 18).
#ifndef LETHE_VAULT_MODEL_RESTRICTION_H_
#define LETHE_VAULT_MODEL_RESTRICTION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace lethe::vault {

// The grounds of Art. 18(1).
enum class RestrictionGround : std::uint8_t {  // On disk; never reuse.
  kAccuracyContested = 1,
  kUnlawful = 2,
  kNeededForClaims = 3,
  kObjectionPending = 4,
};

struct Restriction {
  RestrictionGround ground = RestrictionGround::kAccuracyContested;
  std::string reason;  // Personal data perhaps; sealed.
  std::optional<absl::Time> review_time;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_RESTRICTION_H_
