// The outer share of a holder's root, sealed by a key service. It stays the same from shred to
// shred: its part's bytes are copied from slot to slot and the share is kept in memory, so that a
// service that is down is no outage. Only a step of the horizon draws it anew.
//
//   part      = Short service, Short key id, Short ciphertext, U8 n, n * (Short name, Short value)
//   plaintext = 4 magic, 32 share, 16 first bytes of SHA-256("lethe.outer.v1", vault 16)
//
// The services know no associated data, so the plaintext itself says whose share it is.
#ifndef LETHE_VAULT_HOLDERS_OUTER_SEAL_H_
#define LETHE_VAULT_HOLDERS_OUTER_SEAL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "vault/holders/holder.h"
#include "vault/holders/key_service.h"

namespace lethe::vault::holders {

// An outer part that was opened once.
struct OuterShare {
  ServiceKey key;
  std::string part;  // As it stands in a slot; no secret.
  Secret share;
};
using OuterSharePtr = std::shared_ptr<const OuterShare>;

// Not thread-safe: a holder's own.
class OuterSeal {
 public:
  // The first seals, all open. They outlive this.
  explicit OuterSeal(std::vector<KeyService*> services) : services_(std::move(services)) {}

  bool available() const { return !services_.empty(); }
  // The key version a fresh part would be under. UNAVAILABLE. There must be a service.
  absl::StatusOr<ServiceKey> CurrentKey() const;
  // A fresh share, sealed, and opened again for proof: with a part that nobody can open the root
  // would be lost at the next start. UNAVAILABLE.
  absl::StatusOr<OuterSharePtr> Make(const VaultId& vault, Random& random);
  // From memory, or from the service that the part names. UNAVAILABLE: it is silent, or not among
  // ours. DATA_LOSS (kDecryptFailed): it will never open.
  absl::StatusOr<OuterSharePtr> Open(const VaultId& vault, Bytes part);
  // Forgets what nobody else holds.
  void ForgetUnused();

 private:
  absl::StatusOr<Secret> OpenSealed(const VaultId& vault, const std::string& service,
                                    const ServiceSeal& seal) const;

  const std::vector<KeyService*> services_;
  std::vector<OuterSharePtr> known_;
};

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_OUTER_SEAL_H_
