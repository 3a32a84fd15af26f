// The words of the vault's facade: what callers hand in and what they get back. Plain values.
#ifndef LETHE_VAULT_MODEL_TYPES_H_
#define LETHE_VAULT_MODEL_TYPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "base/ids.h"
#include "base/label.h"

namespace lethe::vault {

// Limits of the interface. Each is checked once, at the facade, and named in docs/api.md.
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

// Who calls: the identity its certificate proves, and the tenant that identity belongs to.
struct Principal {
  std::string id;      // The SAN, e.g. "spiffe://example.org/tenants/acme/clients/billing".
  std::string tenant;  // "acme"; empty for an operator, who may touch no tenant's data.
};

// One call. Passed down unchanged to whatever decides.
struct Caller {
  Principal principal;
  std::string tenant;      // The tenant of the resource named in the request.
  std::string purpose;     // What the caller says it needs the data for.
  std::string request_id;  // A UUID; empty where the method changes nothing.
  absl::Time deadline = absl::InfiniteFuture();
};

struct Identifier {
  std::string type;   // "email", "customer_number": [a-z][a-z0-9_]*
  std::string value;  // Personal data.
};

// How a request names a subject.
using SubjectRef = std::variant<SubjectTag, Identifier>;

enum class Source : std::uint8_t {  // On disk; never reuse.
  kUnspecified = 0,
  kProvided = 1,
  kObserved = 2,
  kDerived = 3,
  kThirdParty = 4,
};

enum class SubjectState : std::uint8_t {  // On disk; never reuse.
  kActive = 1,
  kRestricted = 2,
  kPartiallyErased = 3,
  kErased = 4,
};

struct Subject {
  SubjectTag tag;
  SubjectState state = SubjectState::kActive;
  bool restricted = false;  // May hold beside kPartiallyErased.
  absl::Time create_time;
  std::uint64_t change_counter = 0;  // Grows with every change to the subject or its records.
  std::string etag;
};

struct NewRecord {
  std::string category;
  std::string data;        // Personal data.
  std::string media_type;  // Empty: application/json.
  Source source = Source::kProvided;
  std::string source_detail;
  std::optional<absl::Time> origin_time;  // Default: now.
};

struct Record {
  SubjectTag subject;
  RecordTag tag;
  std::string category;
  std::string data;
  std::string media_type;
  Source source = Source::kProvided;
  std::string source_detail;
  absl::Time origin_time;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> expire_time;  // Absent: its clock has not started.
  std::uint32_t version = 1;
  std::string etag;
};

// What UpdateRecord changes; absent fields stay.
struct RecordPatch {
  std::optional<std::string> data;
  std::optional<std::string> media_type;
  std::optional<Source> source;
  std::optional<std::string> source_detail;
};

// When the bytes a change replaced are dead at the latest.
struct KeyDeath {
  absl::Time no_later_than;
};

template <typename T>
struct Page {
  std::vector<T> items;
  std::string next_page_token;  // Empty: the last page.
};

struct PageRequest {
  std::int32_t size = 0;  // 0: kPageDefault; above kPageMax: kPageMax.
  std::string token;
};

// The ground of Art. 17(1), and the sweep.
enum class ErasureGround : std::uint8_t {  // On disk; never reuse.
  kNotNecessary = 1,
  kConsentWithdrawn = 2,
  kObjection = 3,
  kUnlawful = 4,
  kLegalObligation = 5,
  kChildService = 6,
  kRetentionExpired = 7,
};

// Who wants it: the controller's own erase stops at a restriction, the person's ends it (Art. 18).
enum class Initiator : std::uint8_t { kController = 1, kDataSubject = 2 };

struct EraseRequest {
  SubjectRef subject;
  ErasureGround ground = ErasureGround::kNotNecessary;
  Initiator initiator = Initiator::kController;
  std::string etag;            // Optional: ABORTED on mismatch.
  bool validate_only = false;  // Count, change nothing.
};

struct Withheld {
  std::string category;
  std::string reference;  // The policy's legal reference, e.g. "IT d.P.R. 600/1973 Art. 22".
  std::int64_t record_count = 0;
  std::optional<absl::Time> until;
};

// How surely the old root is gone; the weakest holder decides.
enum class Assurance : std::uint8_t {  // On disk; never reuse.
  kNone = 0,
  kUnverified = 1,
  kTest = 2,
  kHost = 3,
  kHardware = 4,
};

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

// Where a statement stands among those that one signature covers: all erases of one attempt share
// it, as leaves of one Merkle tree (RFC 6962).
struct BatchProof {
  std::uint64_t index = 0;
  std::uint64_t size = 0;         // 0: not signed.
  std::vector<std::string> path;  // 32 bytes each, from the leaf up.
  std::string signature;          // Ed25519 over the tree's root.
};

// A receipt: signed, offline verifiable, naming nobody.
struct Erasure {
  ReceiptTag receipt;
  // Whose it was: told to the caller who erases, and to no later reader of the receipt. With the
  // nonce anybody can be shown that `whose` is this subject; without it, it is nobody.
  SubjectTag subject;
  std::string nonce;  // 32 bytes.
  std::string whose;  // SHA-256, 32 bytes (docs/formats.md); empty: of no single subject.
  ErasureGround ground = ErasureGround::kNotNecessary;
  absl::Time erase_time;
  std::int64_t records_shredded = 0;
  std::int64_t identifiers_shredded = 0;
  std::vector<std::string> categories_shredded;
  std::vector<Withheld> withheld;
  std::vector<std::string> key_commitments;  // 32 bytes each, of the destroyed secrets.
  std::uint64_t generation = 0;
  Assurance assurance = Assurance::kNone;
  absl::Time key_death_time;
  // A key version at a key service could still open what old copies of a slot hold.
  bool horizon_open = false;
  std::vector<std::string> retired_holders;  // Given up; what they held was not destroyed.
  // When the dead rows were gone from the tables. Not in the statement, which is older.
  std::optional<absl::Time> hygiene_complete_time;
  // Set where the erase is still ahead and can be undone: there is a name, and no receipt yet.
  std::optional<absl::Time> scheduled_time;
  std::string signed_statement;  // The exact bytes that are signed (docs/formats.md).
  BatchProof proof;
  std::string public_key;
};

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

#endif  // LETHE_VAULT_MODEL_TYPES_H_
