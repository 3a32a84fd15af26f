// Why a call was refused: the one table of reasons a caller can act on. Each has one status code
// and one upper-snake name, which travels as google.rpc.ErrorInfo.reason with domain "lethe.vault".
#ifndef LETHE_BASE_REASON_H_
#define LETHE_BASE_REASON_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace lethe {

enum class Reason {
  // INVALID_ARGUMENT
  kFieldRequired,
  kFieldInvalid,
  kRefusedField,
  kPageTokenInvalid,
  kRequestIdReused,
  // UNAUTHENTICATED
  kPeerUnknown,
  // PERMISSION_DENIED
  kRoleMissing,
  kTenantMismatch,
  // NOT_FOUND
  kResourceNotFound,
  kSubjectErased,
  // ALREADY_EXISTS
  kIdentifierTaken,
  // ABORTED
  kEtagMismatch,
  kConcurrentChange,
  // FAILED_PRECONDITION
  kProcessingRestricted,
  kPurposeNotAllowed,
  kLegalRetention,
  kRetentionOver,
  kErasureInProgress,
  kTooMany,
  kUnsupportedFormat,
  kNotRestricted,
  kCategoryUnknown,
  kNoArchive,
  kKeyNotRotated,
  kHolderNeeded,
  // RESOURCE_EXHAUSTED
  kQueueFull,
  kQuota,
  kDiskReserve,
  kDescriptorReserve,
  // UNAVAILABLE
  kIndexLoading,
  kSealed,
  kShuttingDown,
  kHolderUnreachable,
  kArchiveMissing,
  kDatabaseMissing,
  // DEADLINE_EXCEEDED
  kDeadlinePassed,
  // CANCELLED
  kCancelled,
  // UNIMPLEMENTED
  kMethodUnknown,
  // DATA_LOSS
  kDecryptFailed,
  kChainBroken,
  kLeafLost,
  // INTERNAL
  kInternal,
};

inline constexpr Reason kAllReasonsFirst = Reason::kFieldRequired;
inline constexpr Reason kAllReasonsLast = Reason::kInternal;

absl::StatusCode CodeOf(Reason reason);
std::string_view NameOf(Reason reason);

// A refusal. `message` is a literal plus schema names, never an id, value, key or path. `field` is
// the request's field path ("record.category") where one is to blame, and `rule` the rule's name.
absl::Status Refuse(Reason reason, std::string_view message, std::string_view field = {},
                    std::string_view rule = {});

// What Refuse put into `status`; nullopt for a status made elsewhere.
std::optional<Reason> ReasonOf(const absl::Status& status);
std::string FieldOf(const absl::Status& status);
std::string RuleOf(const absl::Status& status);

}  // namespace lethe

#endif  // LETHE_BASE_REASON_H_
