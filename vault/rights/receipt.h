// Receipts: what an erase destroyed and what it had to leave, signed, naming nobody but by the
// vault's random names. Anyone with the public key can check one without the vault.
//
// Statement (the bytes under the Ed25519 signature):
//   "lethe.erasure.v1" | vault 16 | Short tenant | facts | U64 generation | U8 assurance | key
//   death facts = receipt 16 | subject 16 | U8 ground | erase time | U64 records | U32 identifiers
//           | U16 n, n x Short category
//           | U16 n, n x (Short category | Short reference | I64 records | until)
//           | U32 n, n x commitment 32
//   times are I64 microseconds since 1970; an absent one is the smallest number.
//
// Row in table kReceipt, key tenant | receipt:   U8 format | U8 stage | sealed
//   stage 1  sealed = AES-256-GCM(ReceiptRowKey, facts): rides with the shred's COMMITTED, before
//            anybody knows when the keys died; a crash right behind it loses nothing, because the
//            shred log knows the rest
//   stage 2  sealed = AES-256-GCM(ReceiptRowKey, facts | U64 generation | U8 assurance | key death)
// The signature is not stored: Ed25519 gives the same one for the same statement.
#ifndef LETHE_VAULT_RIGHTS_RECEIPT_H_
#define LETHE_VAULT_RIGHTS_RECEIPT_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "crypto/signing.h"
#include "vault/types.h"

namespace lethe::vault::rights {

// What becomes known when the old root is gone.
struct Outcome {
  std::uint64_t generation = 0;
  Assurance assurance = Assurance::kNone;
  absl::Time key_death_time;
};

std::string EncodeFacts(const Erasure& erasure);
std::string EncodeOutcome(const Outcome& outcome);
// Of facts, and of facts with their outcome behind them. DATA_LOSS: malformed.
absl::StatusOr<Erasure> DecodeFacts(Bytes facts);
absl::StatusOr<Erasure> DecodeSettled(Bytes settled);

std::string StatementOf(const VaultId& vault, std::string_view tenant, const Erasure& erasure);
// Fills in statement, signature and public key.
void Sign(const VaultId& vault, std::string_view tenant, const crypto::SigningKey& key,
          Erasure& erasure);

// What the shred log keeps for ever: receipt 16 | subject 16 | U8 ground | U16 n, n x (Short
// reference | until).
std::string ShredFacts(const Erasure& erasure);
ReceiptTag ReceiptOfShredFacts(std::string_view facts);

}  // namespace lethe::vault::rights

#endif  // LETHE_VAULT_RIGHTS_RECEIPT_H_
