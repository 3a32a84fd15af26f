// Receipts: what an erase destroyed and what it had to leave, signed, naming nobody. Anyone with
// the public key can check one without the vault (receipt_verify.h), and whoever was given the
// nonce can prove whose it is.
//
// Statement (a leaf of the batch that keytree/receipt_batch.h signs):
//   "lethe.erasure.v2" | vault 16 | Short tenant | facts | outcome
//   facts   = receipt 16 | whose 32 | U8 ground | erase time | I64 records | U32 identifiers
//           | U16 n, n x Short category
//           | U16 n, n x (Short category | Short reference | I64 records | until)
//           | U32 n, n x commitment 32
//   outcome = U64 generation | U8 assurance | key death time | U8 horizon open
//           | U8 n, n x Short retired holder
//   whose   = SHA-256("lethe.whose.v1" | nonce 32 | Short tenant | subject 16), or zeros where the
//             erasure is of no single subject
//   times are those of vault/rows/time_codec.h
//
// Row in table kReceipt, key tenant | receipt:   U8 format 2 | U8 stage | sealed
//   stage 1  sealed = AES-256-GCM(ReceiptRowKey, facts): rides with the shred's COMMITTED, before
//            anybody knows when the keys died; a crash right behind it loses nothing, because the
//            shred log knows the rest
//   stage 2  sealed = AES-256-GCM(ReceiptRowKey, facts | outcome)
// Neither nonce nor signature is stored: a receipt that is read again is signed again, as a batch
// of one.
#ifndef LETHE_VAULT_ERASURE_RECEIPT_H_
#define LETHE_VAULT_ERASURE_RECEIPT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "vault/model/erasure.h"
#include "vault/model/keys.h"

namespace lethe::vault::erasure {

inline constexpr std::size_t kNonceBytes = 32;
inline constexpr std::size_t kWhoseBytes = 32;

// What becomes known when the old root is gone.
struct Outcome {
  std::uint64_t generation = 0;
  Assurance assurance = Assurance::kNone;
  absl::Time key_death_time;
  bool horizon_open = false;
  std::vector<std::string> retired_holders;
};

Outcome OutcomeOf(const Erasure& erasure);
void SetOutcome(const Outcome& outcome, Erasure& erasure);

std::string EncodeFacts(const Erasure& erasure);
std::string EncodeOutcome(const Outcome& outcome);
// Of facts, and of facts with their outcome behind them. DATA_LOSS: malformed.
absl::StatusOr<Erasure> DecodeFacts(Bytes facts);
absl::StatusOr<Erasure> DecodeSettled(Bytes settled);

// What a receipt says instead of its subject.
std::string WhoseOf(std::string_view nonce, std::string_view tenant, const SubjectTag& subject);

std::string StatementOf(const VaultId& vault, std::string_view tenant, const Erasure& erasure);

// A statement taken apart.
struct Stated {
  VaultId vault;
  std::string tenant;
  Erasure erasure;
};
// FAILED_PRECONDITION (kUnsupportedFormat): of another version. DATA_LOSS: malformed.
absl::StatusOr<Stated> ReadStatement(std::string_view statement);

// What the shred log keeps for ever: receipt 16 | whose 32 | U8 ground | U16 n, n x (Short
// reference | until).
std::string ShredFacts(const Erasure& erasure);
ReceiptTag ReceiptOfShredFacts(std::string_view facts);

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_RECEIPT_H_
