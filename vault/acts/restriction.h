// Restriction of processing (Art. 18), a kind of act: setting it is O(1), and lifting it destroys
// what was written about it.
#ifndef LETHE_VAULT_ACTS_RESTRICTION_H_
#define LETHE_VAULT_ACTS_RESTRICTION_H_

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "vault/acts/kind.h"
#include "vault/model/restriction.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::acts {

extern const Kind kRestriction;
inline const Kind& KindOf(const Restriction&) { return kRestriction; }

// kFieldInvalid.
absl::Status Check(const Restriction& restriction);

// What a restriction says:   U8 ground | review time | Short reason
Plaintext TextOf(const Restriction& restriction);
absl::StatusOr<Restriction> ReadRestriction(Bytes text);

}  // namespace lethe::vault::acts

#endif  // LETHE_VAULT_ACTS_RESTRICTION_H_
