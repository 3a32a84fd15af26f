#include "vault/audit/tags.h"

#include "crypto/kdf.h"

namespace lethe::vault::audit {

Tags::Tags(const Secret& vault_secret)
    : principal_key_(crypto::Derivation(vault_secret, "lethe.audprin.v1").Finish()),
      request_key_(crypto::Derivation(vault_secret, "lethe.audreq.v1 ").Finish()) {}

std::array<std::uint8_t, 16> Tags::OfPrincipal(const std::string& principal) const {
  return crypto::Mac16(principal_key_, "lethe.audprin.v1", principal);
}

std::array<std::uint8_t, 16> Tags::OfRequest(const std::string& request_id, absl::Time now) const {
  if (request_id.empty()) return {};
  const auto day = static_cast<std::uint64_t>(absl::ToUnixSeconds(now) / 86'400);
  const Secret key = crypto::Derivation(request_key_, "lethe.audreq.v1 ").U64(day).Finish();
  return crypto::Mac16(key, "lethe.audreq.v1 ", request_id);
}

}  // namespace lethe::vault::audit
