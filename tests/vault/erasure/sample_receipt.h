// A receipt with something in every field.
#ifndef LETHE_TESTS_VAULT_ERASURE_SAMPLE_RECEIPT_H_
#define LETHE_TESTS_VAULT_ERASURE_SAMPLE_RECEIPT_H_

#include <string>

#include "base/random.h"
#include "vault/erasure/receipt.h"

namespace lethe::vault::erasure {

inline Erasure SampleReceipt(Random& random) {
  Erasure erasure;
  erasure.receipt = ReceiptTag::Draw(random);
  erasure.subject = SubjectTag::Draw(random);
  erasure.nonce = std::string(kNonceBytes, 'n');
  erasure.whose = WhoseOf(erasure.nonce, "acme", erasure.subject);
  erasure.ground = ErasureGround::kUnlawful;
  erasure.erase_time = absl::FromUnixMicros(1'700'000'000'123'456);
  erasure.records_shredded = 7;
  erasure.identifiers_shredded = 2;
  erasure.categories_shredded = {"account", "telemetry"};
  erasure.withheld = {{"billing", "a law", 3, absl::FromUnixMicros(1'900'000'000'000'000)},
                      {"tax", "another", 1, std::nullopt}};
  erasure.key_commitments = {std::string(32, 'a'), std::string(32, 'b')};
  erasure.generation = 5;
  erasure.assurance = Assurance::kHost;
  erasure.key_death_time = absl::FromUnixMicros(1'700'000'000'223'456);
  erasure.horizon_open = true;
  erasure.retired_holders = {"holder-2"};
  return erasure;
}

}  // namespace lethe::vault::erasure

#endif  // LETHE_TESTS_VAULT_ERASURE_SAMPLE_RECEIPT_H_
