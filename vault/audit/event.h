// An Event tells who did what, naming nobody: the leaf of the audit log (RFC 6962 hashes its exact
// bytes). No values, no identifiers, no free text.
#ifndef LETHE_VAULT_AUDIT_EVENT_H_
#define LETHE_VAULT_AUDIT_EVENT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/enum_names.h"
#include "base/ids.h"
#include "crypto/hash.h"

namespace lethe::vault::audit {

enum class Method : std::uint8_t {  // On disk; never reuse.
  kSystem = 1,  // The vault's own housekeeping: start, sweep, doomed leaves, outcomes.
  kCreateSubject = 2,
  kGetSubject = 3,
  kListSubjects = 4,
  kAddIdentifier = 5,
  kRemoveIdentifier = 6,
  kCreateRecord = 7,
  kGetRecord = 8,
  kListRecords = 9,
  kUpdateRecord = 10,
  kDeleteRecord = 11,
  kImport = 12,
  kErase = 13,
  kGetErasure = 14,
  kRestrict = 15,
  kUnrestrict = 16,
  kAccessReport = 17,
  kExport = 18,
  kRefusedCall = 19,
  kShredPrepared = 20,
  kShredOutcome = 21,
  kInit = 22,
  kCreateBackup = 23,
  kGetKeyStatus = 24,
  kRotateRoot = 25,
  kStepHorizon = 26,
  kAttestHorizon = 27,
  kRetireHolder = 28,
  kUndoErasure = 29,
  kOffboardTenant = 30,
  kRejoinHolder = 31,
};
inline constexpr EnumName<Method> kMethodNames[] = {
    {Method::kSystem, "system"},
    {Method::kCreateSubject, "create_subject"},
    {Method::kGetSubject, "get_subject"},
    {Method::kListSubjects, "list_subjects"},
    {Method::kAddIdentifier, "add_identifier"},
    {Method::kRemoveIdentifier, "remove_identifier"},
    {Method::kCreateRecord, "create_record"},
    {Method::kGetRecord, "get_record"},
    {Method::kListRecords, "list_records"},
    {Method::kUpdateRecord, "update_record"},
    {Method::kDeleteRecord, "delete_record"},
    {Method::kImport, "import"},
    {Method::kErase, "erase"},
    {Method::kGetErasure, "get_erasure"},
    {Method::kRestrict, "restrict"},
    {Method::kUnrestrict, "unrestrict"},
    {Method::kAccessReport, "access_report"},
    {Method::kExport, "export"},
    {Method::kRefusedCall, "refused_call"},
    {Method::kShredPrepared, "shred_prepared"},
    {Method::kShredOutcome, "shred_outcome"},
    {Method::kInit, "init"},
    {Method::kCreateBackup, "create_backup"},
    {Method::kGetKeyStatus, "get_key_status"},
    {Method::kRotateRoot, "rotate_root"},
    {Method::kStepHorizon, "step_horizon"},
    {Method::kAttestHorizon, "attest_horizon"},
    {Method::kRetireHolder, "retire_holder"},
    {Method::kUndoErasure, "undo_erasure"},
    {Method::kOffboardTenant, "offboard_tenant"},
    {Method::kRejoinHolder, "rejoin_holder"},
};
constexpr std::string_view NameOf(Method value) { return FindName<Method>(kMethodNames, value); }

// The codes of answers: gRPC's, which are absl's. UNAUTHENTICATED is the last.
constexpr bool IsKnownCode(std::uint8_t code) { return code <= 16; }

// C2SP tlog-tiles: an entry's length is a uint16.
inline constexpr std::size_t kEventBytesMax = 65'535;

struct Event {
  Method method = Method::kSystem;
  TenantTag tenant{};                          // None for the vault's own.
  std::array<std::uint8_t, 16> principal{};    // MAC of the principal under a vault key.
  std::vector<SubjectTag> subjects{};          // At most 1,000.
  std::vector<std::string> categories{};       // Policy names.
  std::string purpose{};                       // A policy name.
  std::uint8_t code = 0;                       // gRPC status code of the answer.
  std::string rule{};                          // The rule that refused or withheld.
  std::array<std::uint8_t, 16> request_mac{};  // MAC of the client's request id under a daily key.
  std::uint32_t count = 0;                     // Records touched.
};

// An Event as the journal numbered it.
struct NumberedEvent {
  std::uint64_t sequence = 0;
  absl::Time time;
  Event event;
};

// The bytes that are hashed and stored; `salt` makes equal events hash differently.
std::string EncodeEvent(const Event& event, std::uint64_t sequence, absl::Time time,
                        const std::array<std::uint8_t, 16>& salt);
absl::StatusOr<NumberedEvent> DecodeEvent(Bytes encoded);

// RFC 6962, section 2.1: SHA-256(0x00 || entry).
crypto::Digest LeafHash(Bytes encoded_event);

}  // namespace lethe::vault::audit

#endif  // LETHE_VAULT_AUDIT_EVENT_H_
