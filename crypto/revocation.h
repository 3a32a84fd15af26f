// Which certificates their authorities have withdrawn: certificate revocation lists (RFC 5280).
#ifndef LETHE_CRYPTO_REVOCATION_H_
#define LETHE_CRYPTO_REVOCATION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace lethe::crypto {

// Immutable, so that any number of handshakes may ask at once.
//
// A list whose next update is due stays in force: it still names those that it named, and whoever
// holds it up must not lock everybody else out. next_update() is for an alarm.
class RevocationLists {
 public:
  // Every list of a PEM text. Each must be complete (no delta, no part), begun, and signed by an
  // authority of `ca_pem`, and each authority there must have one: a missing list would let its
  // withdrawn certificates in without a word. INVALID_ARGUMENT says which of it is not so.
  static absl::StatusOr<RevocationLists> Read(const std::string& crl_pem, const std::string& ca_pem,
                                              absl::Time now);
  RevocationLists(RevocationLists&& other) noexcept;
  RevocationLists& operator=(RevocationLists&& other) noexcept;
  ~RevocationLists();

  // OK: none of the PEM text's certificates is withdrawn, and each one's issuer has a list here.
  // PERMISSION_DENIED otherwise; INVALID_ARGUMENT: there is no certificate.
  absl::Status Check(const std::string& chain_pem) const;

  // Of the list that is due first; InfiniteFuture if none says so.
  absl::Time next_update() const;

 private:
  struct Parts;
  explicit RevocationLists(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_REVOCATION_H_
