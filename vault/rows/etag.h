// Entity tags: random, and different with every change. Here bare hex; on the wire the server
// quotes them (RFC 9110, section 8.8.3).
#ifndef LETHE_VAULT_ROWS_ETAG_H_
#define LETHE_VAULT_ROWS_ETAG_H_

#include <string>

#include "absl/status/status.h"
#include "base/bytes.h"
#include "base/reason.h"

namespace lethe::vault {

inline std::string EtagFrom(Bytes bytes) { return ToHex(bytes); }

// ABORTED (kEtagMismatch). An empty `etag` fits everything.
inline absl::Status CheckEtag(const std::string& etag, const std::string& current) {
  if (etag.empty() || etag == current) return absl::OkStatus();
  return Refuse(Reason::kEtagMismatch, "changed since it was read", "etag", "etag");
}

}  // namespace lethe::vault

#endif  // LETHE_VAULT_ROWS_ETAG_H_
