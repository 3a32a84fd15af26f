#include "vault/erasure/receipt_verify.h"

#include "base/status_macros.h"
#include "vault/keytree/receipt_batch.h"

namespace lethe::vault::erasure {

absl::StatusOr<Stated> VerifyReceipt(std::string_view statement, const BatchProof& proof,
                                     const crypto::PublicKey& key) {
  // Read first: the signature is bound to the vault that the statement names.
  LETHE_ASSIGN(Stated stated, ReadStatement(statement));
  if (!keytree::VerifyBatch(stated.vault, key, statement, proof)) {
    return absl::DataLossError("the signature is not that of this key over this statement");
  }
  return stated;
}

absl::Status VerifyWhose(const Stated& stated, std::string_view nonce, const SubjectTag& subject) {
  if (nonce.size() != kNonceBytes) return absl::InvalidArgumentError("a nonce has 32 bytes");
  if (WhoseOf(nonce, stated.tenant, subject) != stated.erasure.whose) {
    return absl::DataLossError("with this nonce, the receipt is not that subject's");
  }
  return absl::OkStatus();
}

}  // namespace lethe::vault::erasure
