// How an event tells who called without naming anybody: MACs under keys of the vault.
#ifndef LETHE_VAULT_AUDIT_TAGS_H_
#define LETHE_VAULT_AUDIT_TAGS_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "base/memory/secret.h"

namespace lethe::vault::audit {

// Thread-safe.
class Tags {
 public:
  explicit Tags(const Secret& vault_secret);

  std::array<std::uint8_t, 16> OfPrincipal(const std::string& principal) const;
  // Under a key of the day, so that the log does not link a client's calls for ever. Zeros for
  // none.
  std::array<std::uint8_t, 16> OfRequest(const std::string& request_id, absl::Time now) const;

 private:
  const Secret principal_key_;
  const Secret request_key_;
};

}  // namespace lethe::vault::audit

#endif  // LETHE_VAULT_AUDIT_TAGS_H_
