// Restriction of processing (Art. 18).
#ifndef LETHE_VAULT_MODEL_RESTRICTION_H_
#define LETHE_VAULT_MODEL_RESTRICTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "base/enum_names.h"

namespace lethe::vault {

// The grounds of Art. 18(1).
enum class RestrictionGround : std::uint8_t {  // On disk; never reuse.
  kAccuracyContested = 1,
  kUnlawful = 2,
  kNeededForClaims = 3,
  kObjectionPending = 4,
};

inline constexpr EnumName<RestrictionGround> kRestrictionGroundNames[] = {
    {RestrictionGround::kAccuracyContested, "accuracy_contested"},
    {RestrictionGround::kUnlawful, "unlawful"},
    {RestrictionGround::kNeededForClaims, "needed_for_claims"},
    {RestrictionGround::kObjectionPending, "objection_pending"},
};
constexpr std::string_view NameOf(RestrictionGround value) {
  return FindName<RestrictionGround>(kRestrictionGroundNames, value);
}

struct Restriction {
  RestrictionGround ground = RestrictionGround::kAccuracyContested;
  std::string reason;  // Personal data perhaps; sealed.
  std::optional<absl::Time> review_time;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_RESTRICTION_H_
