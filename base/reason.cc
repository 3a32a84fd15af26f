#include "base/reason.h"

#include <array>

#include "absl/strings/cord.h"
#include "base/check.h"
#include "base/codec.h"

namespace lethe {
namespace {

using Code = absl::StatusCode;

struct Row {
  Reason reason;
  Code code;
  std::string_view name;
};

// The one table, in the order of the enum (checked below). Names are part of the public contract:
// a released one is never renamed.
constexpr std::array kTable = std::to_array<Row>({
    {Reason::kFieldRequired, Code::kInvalidArgument, "FIELD_REQUIRED"},
    {Reason::kFieldInvalid, Code::kInvalidArgument, "FIELD_INVALID"},
    {Reason::kRefusedField, Code::kInvalidArgument, "REFUSED_FIELD"},
    {Reason::kPageTokenInvalid, Code::kInvalidArgument, "PAGE_TOKEN_INVALID"},
    {Reason::kRequestIdReused, Code::kInvalidArgument, "REQUEST_ID_REUSED"},
    {Reason::kPeerUnknown, Code::kUnauthenticated, "PEER_UNKNOWN"},
    {Reason::kRoleMissing, Code::kPermissionDenied, "ROLE_MISSING"},
    {Reason::kTenantMismatch, Code::kPermissionDenied, "TENANT_MISMATCH"},
    {Reason::kResourceNotFound, Code::kNotFound, "RESOURCE_NOT_FOUND"},
    {Reason::kSubjectErased, Code::kNotFound, "SUBJECT_ERASED"},
    {Reason::kIdentifierTaken, Code::kAlreadyExists, "IDENTIFIER_TAKEN"},
    {Reason::kEtagMismatch, Code::kAborted, "ETAG_MISMATCH"},
    {Reason::kConcurrentChange, Code::kAborted, "CONCURRENT_CHANGE"},
    {Reason::kProcessingRestricted, Code::kFailedPrecondition, "PROCESSING_RESTRICTED"},
    {Reason::kPurposeNotAllowed, Code::kFailedPrecondition, "PURPOSE_NOT_ALLOWED"},
    {Reason::kLegalRetention, Code::kFailedPrecondition, "LEGAL_RETENTION"},
    {Reason::kRetentionOver, Code::kFailedPrecondition, "RETENTION_OVER"},
    {Reason::kErasureInProgress, Code::kFailedPrecondition, "ERASURE_IN_PROGRESS"},
    {Reason::kTooMany, Code::kFailedPrecondition, "TOO_MANY"},
    {Reason::kUnsupportedFormat, Code::kFailedPrecondition, "UNSUPPORTED_FORMAT"},
    {Reason::kNotRestricted, Code::kFailedPrecondition, "NOT_RESTRICTED"},
    {Reason::kCategoryUnknown, Code::kFailedPrecondition, "CATEGORY_UNKNOWN"},
    {Reason::kNoArchive, Code::kFailedPrecondition, "NO_ARCHIVE"},
    {Reason::kKeyNotRotated, Code::kFailedPrecondition, "KEY_NOT_ROTATED"},
    {Reason::kHolderNeeded, Code::kFailedPrecondition, "HOLDER_NEEDED"},
    {Reason::kQueueFull, Code::kResourceExhausted, "QUEUE_FULL"},
    {Reason::kQuota, Code::kResourceExhausted, "QUOTA"},
    {Reason::kDiskReserve, Code::kResourceExhausted, "DISK_RESERVE"},
    {Reason::kDescriptorReserve, Code::kResourceExhausted, "DESCRIPTOR_RESERVE"},
    {Reason::kIndexLoading, Code::kUnavailable, "INDEX_LOADING"},
    {Reason::kSealed, Code::kUnavailable, "SEALED"},
    {Reason::kShuttingDown, Code::kUnavailable, "SHUTTING_DOWN"},
    {Reason::kHolderUnreachable, Code::kUnavailable, "HOLDER_UNREACHABLE"},
    {Reason::kArchiveMissing, Code::kUnavailable, "ARCHIVE_MISSING"},
    {Reason::kDatabaseMissing, Code::kUnavailable, "DATABASE_MISSING"},
    {Reason::kDeadlinePassed, Code::kDeadlineExceeded, "DEADLINE_PASSED"},
    {Reason::kCancelled, Code::kCancelled, "CANCELLED"},
    {Reason::kMethodUnknown, Code::kUnimplemented, "METHOD_UNKNOWN"},
    {Reason::kDecryptFailed, Code::kDataLoss, "DECRYPT_FAILED"},
    {Reason::kChainBroken, Code::kDataLoss, "CHAIN_BROKEN"},
    {Reason::kLeafLost, Code::kDataLoss, "LEAF_LOST"},
    {Reason::kInternal, Code::kInternal, "INTERNAL"},
});

constexpr bool TableFollowsEnum() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].reason) != i) return false;
  }
  return kTable.size() == static_cast<std::size_t>(kAllReasonsLast) + 1;
}
static_assert(TableFollowsEnum());

const Row& RowOf(Reason reason) {
  const auto index = static_cast<std::size_t>(reason);
  LETHE_CHECK(index < kTable.size());
  return kTable[index];
}

// A refusal's parts ride in a payload of the Status: U16 reason, Short field, Short rule.
constexpr char kPayloadUrl[] = "lethe.vault/refusal";

struct Parts {
  std::optional<Reason> reason;
  std::string field;
  std::string rule;
};

Parts PartsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return {};
  const std::string bytes(*payload);
  ByteReader reader(bytes);
  const std::uint16_t index = reader.U16();
  Parts parts{{}, std::string(reader.Short()), std::string(reader.Short())};
  if (!reader.Finish().ok() || index >= kTable.size()) return {};
  parts.reason = static_cast<Reason>(index);
  return parts;
}

}  // namespace

absl::StatusCode CodeOf(Reason reason) { return RowOf(reason).code; }
std::string_view NameOf(Reason reason) { return RowOf(reason).name; }

absl::Status Refuse(Reason reason, std::string_view message, std::string_view field,
                    std::string_view rule) {
  absl::Status status(CodeOf(reason), std::string(message));
  ByteWriter payload;
  payload.U16(static_cast<std::uint16_t>(reason)).Short(field).Short(rule);
  status.SetPayload(kPayloadUrl, absl::Cord(payload.Take()));
  return status;
}

std::optional<Reason> ReasonOf(const absl::Status& status) { return PartsOf(status).reason; }
std::string FieldOf(const absl::Status& status) { return PartsOf(status).field; }
std::string RuleOf(const absl::Status& status) { return PartsOf(status).rule; }

}  // namespace lethe
