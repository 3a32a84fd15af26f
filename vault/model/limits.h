// Limits of the interface. Each is checked once, at the facade, and named in docs/api.md.
#ifndef LETHE_VAULT_MODEL_LIMITS_H_
#define LETHE_VAULT_MODEL_LIMITS_H_

#include <cstddef>

#include "base/text/label.h"

namespace lethe::vault {

namespace limits {
inline constexpr std::size_t kRecordBytesMax = 1u << 20;  // Larger things are files, not records.
inline constexpr std::size_t kIdentifiersMax = 16;        // Per subject: nobody is known by more.
inline constexpr std::size_t kIdentifierBytesMax = 320;   // The longest e-mail address: 64+1+255.
using lethe::kIdentifierTypeBytesMax;
inline constexpr std::size_t kNameBytesMax = kLabelBytesMax;  // Tenant, category, purpose.
inline constexpr std::size_t kSourceDetailBytesMax = 256;
inline constexpr std::size_t kMediaTypeBytesMax = 127;  // RFC 6838, section 4.2.
inline constexpr std::size_t kReasonBytesMax = 512;     // Free text of a restriction.
inline constexpr std::size_t kJsonDepthMax = 64;
inline constexpr std::size_t kRecordsPerSubjectMax = 1'000'000;
inline constexpr std::size_t kPageDefault = 50;
inline constexpr std::size_t kPageMax = 1'000;
inline constexpr std::size_t kPageBytesMax = 3u << 20;  // A page stays below gRPC's 4 MiB.
inline constexpr std::size_t kStepRecordsMax = 1'000;   // Of a stream, before others get a turn.
}  // namespace limits

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_LIMITS_H_
