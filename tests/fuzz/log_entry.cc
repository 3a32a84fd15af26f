// An entry of the shred log. A row that decodes is the one row that says so, and no change of it
// keeps its signature.
#include "tests/fuzz/fuzz_target.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::fuzz {

LETHE_FUZZ_TARGET(log_entry) {
  static const auto* const key = new crypto::SigningKey(FixedSecret(7));
  const auto entry = vault::shredlog::DecodeLogEntry(input);
  if (!entry.ok()) {
    LETHE_CHECK(!vault::shredlog::VerifyLogEntry(kVault, input, key->public_key()));
    return Refused(entry.status());
  }
  const std::string row = vault::shredlog::EncodeLogEntry(kVault, *entry, *key);
  constexpr std::size_t kSignatureBytes = sizeof(crypto::Signature);
  LETHE_CHECK(row.size() == input.size());
  LETHE_CHECK(AsText(input).starts_with(row.substr(0, row.size() - kSignatureBytes)));
  LETHE_CHECK(vault::shredlog::VerifyLogEntry(kVault, AsBytes(row), key->public_key()));
  const bool verified = vault::shredlog::VerifyLogEntry(kVault, input, key->public_key());
  LETHE_CHECK(verified == (row == AsText(input)));
  return true;
}

}  // namespace lethe::fuzz
