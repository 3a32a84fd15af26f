// Checks a receipt with nothing but the vault's public key: no server, no vault, no key that could
// open anything. Together with receipt.h and keytree/receipt_batch.h it is a library of its own,
// lethe_receipt, which needs base and crypto only.
#ifndef LETHE_VAULT_ERASURE_RECEIPT_VERIFY_H_
#define LETHE_VAULT_ERASURE_RECEIPT_VERIFY_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/signing.h"
#include "vault/erasure/receipt.h"

namespace lethe::vault::erasure {

// What `statement` says, if `key` signed it. DATA_LOSS: it did not, or it says nothing.
// FAILED_PRECONDITION (kUnsupportedFormat): a statement of another version.
absl::StatusOr<Stated> VerifyReceipt(std::string_view statement, const BatchProof& proof,
                                     const crypto::PublicKey& key);

// OK: the receipt is of `subject`, as the nonce proves. INVALID_ARGUMENT: that is no nonce.
// DATA_LOSS: it is of somebody else, or the nonce is another receipt's; the two cannot be told
// apart.
absl::Status VerifyWhose(const Stated& stated, std::string_view nonce, const SubjectTag& subject);

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_RECEIPT_VERIFY_H_
