// What a receipt states: read offline, by people who have nothing but the public key.
#include "vault/erasure/receipt.h"

#include "tests/fuzz/fuzz_target.h"
#include "vault/erasure/receipt_verify.h"
#include "vault/keytree/receipt_batch.h"

namespace lethe::fuzz {
namespace {

using namespace vault::erasure;  // NOLINT(google-build-using-namespace): one format, one target.

std::string EncodeSettled(const vault::Erasure& erasure) {
  return EncodeFacts(erasure) + EncodeOutcome(OutcomeOf(erasure));
}

void CheckStatement(const vault::Erasure& erasure) {
  static const auto* const key = new crypto::SigningKey(FixedSecret(7));
  const std::string statement = StatementOf(kVault, "acme", erasure);
  const std::string_view statements[] = {"another's", statement};
  const vault::BatchProof proof = vault::keytree::SignBatch(kVault, *key, statements).back();
  const auto stated = VerifyReceipt(statement, proof, key->public_key());
  LETHE_CHECK(stated.ok() && EncodeSettled(stated->erasure) == EncodeSettled(erasure));
  LETHE_CHECK(ReceiptOfShredFacts(ShredFacts(erasure)) == erasure.receipt);
}

}  // namespace

LETHE_FUZZ_TARGET(receipt) {
  const auto facts = DecodeFacts(input);
  if (facts.ok()) {
    // Only an absent time, which no receipt has, is written back as another.
    const std::string once = EncodeFacts(*facts);
    LETHE_CHECK(once.size() == input.size());
    LETHE_CHECK(EncodeFacts(*DecodeFacts(AsBytes(once))) == once);
    CheckStatement(*DecodeFacts(AsBytes(once)));
  } else {
    Refused(facts.status());
  }
  const auto stated = ReadStatement(AsText(input));
  if (stated.ok()) {
    LETHE_CHECK(StatementOf(stated->vault, stated->tenant, stated->erasure) == AsText(input));
    CheckStatement(stated->erasure);
    return true;
  }
  const auto settled = DecodeSettled(input);
  if (!settled.ok()) return Refused(settled.status()) || facts.ok();
  const std::string once = EncodeSettled(*settled);
  LETHE_CHECK(once.size() == input.size());
  LETHE_CHECK(EncodeSettled(*DecodeSettled(AsBytes(once))) == once);
  CheckStatement(*DecodeSettled(AsBytes(once)));
  return true;
}

}  // namespace lethe::fuzz
