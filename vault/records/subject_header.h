// A subject's header: states, tags and numbers, nothing that a person could be known by. It is the
// only row that is overwritten under a living key.
//
// Row in table kSubject, key tenant | subject:
//   U8 format 2 | U8 kind = 1 | place 9 | sealed   living; the leaf at `place` is the subject's
//   U8 format 2 | U8 kind = 2 | receipt 16         erased, for ever: the random name answers so
// sealed = AES-256-GCM(HeaderRowKey, body), body of kHeaderBodyBytes, so that its size tells
// nothing:
//   U8 state | U8 flags (1 scheduled) | create time | U64 change counter | spot (U64 group, U8
//   base, U8 used) | U64 records | U8 identifiers | U8 acts | 32 digest of the acts | etag 8 |
//   zeros up to the size
// A state, a flag or a rest that this version does not know is refused, never ignored.
#ifndef LETHE_VAULT_RECORDS_SUBJECT_HEADER_H_
#define LETHE_VAULT_RECORDS_SUBJECT_HEADER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "crypto/hash.h"
#include "vault/keytree/place.h"
#include "vault/model/subject.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {

using keytree::Place;

inline constexpr std::size_t kHeaderBodyBytes = 128;  // Half of it in use; the rest is for later.

struct SubjectHeader {
  SubjectState state = SubjectState::kActive;  // kActive or kPartiallyErased.
  bool scheduled = false;  // For erasure (scheduled_erases.h): nobody uses it any more.
  absl::Time create_time;
  std::uint64_t change_counter = 0;
  keytree::PersonSpot spot;
  std::uint64_t records = 0;
  std::uint8_t identifiers = 0;
  std::uint8_t acts = 0;               // In force (act_store.h).
  crypto::Digest acts_digest{};        // Over them; zeros: none.
  std::array<std::uint8_t, 8> etag{};  // Drawn anew with every change.
};

// The clear part of a row.
struct LivingSubject {
  Place leaf;
  RowParts parts;
};
struct ErasedSubject {
  ReceiptTag receipt;
};

std::string SealHeader(const Secret& subject_key, const std::string& row_key, const Place& leaf,
                       const SubjectHeader& header);
std::string EncodeErasedSubject(const ReceiptTag& receipt);

absl::StatusOr<std::variant<LivingSubject, ErasedSubject>> ReadSubjectRow(Bytes row);
absl::StatusOr<SubjectHeader> OpenHeader(const Secret& subject_key, const std::string& row_key,
                                         const LivingSubject& row);

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_SUBJECT_HEADER_H_
