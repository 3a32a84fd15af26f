// Erasure (Art. 17): what is asked for, and the receipt.
#ifndef LETHE_VAULT_MODEL_ERASURE_H_
#define LETHE_VAULT_MODEL_ERASURE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "base/enum_names.h"
#include "base/ids.h"
#include "vault/model/keys.h"
#include "vault/model/subject.h"

namespace lethe::vault {

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

inline constexpr EnumName<ErasureGround> kErasureGroundNames[] = {
    {ErasureGround::kNotNecessary, "not_necessary"},
    {ErasureGround::kConsentWithdrawn, "consent_withdrawn"},
    {ErasureGround::kObjection, "objection"},
    {ErasureGround::kUnlawful, "unlawful"},
    {ErasureGround::kLegalObligation, "legal_obligation"},
    {ErasureGround::kChildService, "child_service"},
    {ErasureGround::kRetentionExpired, "retention_expired"},
};
constexpr std::string_view NameOf(ErasureGround value) {
  return FindName<ErasureGround>(kErasureGroundNames, value);
}

// Who wants it: the controller's own erase stops at a restriction, the person's ends it (Art. 18).
enum class Initiator : std::uint8_t { kController = 1, kDataSubject = 2 };

inline constexpr EnumName<Initiator> kInitiatorNames[] = {
    {Initiator::kController, "controller"},
    {Initiator::kDataSubject, "data_subject"},
};
constexpr std::string_view NameOf(Initiator value) {
  return FindName<Initiator>(kInitiatorNames, value);
}

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

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_ERASURE_H_
