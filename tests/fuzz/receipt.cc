// What a receipt states: read offline, by people who have nothing but the public key.
#include "vault/rights/receipt.h"

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

using namespace vault::rights;  // NOLINT(google-build-using-namespace): one format, one target.

std::string EncodeSettled(const vault::Erasure& erasure) {
  return EncodeFacts(erasure) +
         EncodeOutcome({erasure.generation, erasure.assurance, erasure.key_death_time});
}

void CheckStatement(const vault::Erasure& erasure) {
  static const auto* const key = new crypto::SigningKey(FixedSecret(7));
  vault::Erasure signed_one = erasure;
  Sign(kVault, "acme", *key, signed_one);
  LETHE_CHECK(crypto::Verify(key->public_key(), AsBytes(signed_one.signed_statement),
                             AsBytes(signed_one.signature)));
  LETHE_CHECK(signed_one.signed_statement.ends_with(EncodeSettled(erasure)));
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
    CheckStatement(*facts);
  } else {
    Refused(facts.status());
  }
  const auto settled = DecodeSettled(input);
  if (!settled.ok()) return Refused(settled.status()) || facts.ok();
  const std::string once = EncodeSettled(*settled);
  LETHE_CHECK(once.size() == input.size());
  LETHE_CHECK(EncodeSettled(*DecodeSettled(AsBytes(once))) == once);
  CheckStatement(*settled);
  return true;
}

}  // namespace lethe::fuzz
