// A certificate authority for development: it makes a server's and clients' certificates in one
// breath, so that mutual TLS is tried from the first minute. For production, certificates come from
// the operator's own authority.
#ifndef LETHE_CRYPTO_DEV_CA_H_
#define LETHE_CRYPTO_DEV_CA_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace lethe::crypto {

// A certificate with its key (P-256), both PEM. The key is as secret as what it opens: wipe it once
// it is written.
struct CertifiedKey {
  std::string certificate_pem;
  std::string key_pem;
};

// Who a certificate is for. Clients are known by their one URI alone, never by a common name.
struct CertificateSubject {
  std::string common_name;         // For people.
  std::vector<std::string> names;  // "DNS:localhost", "IP:127.0.0.1", "URI:spiffe://…"
  bool is_server = false;          // TLS server, else TLS client: neither can play the other.
};

class DevCa {
 public:
  // A developer's machine that still trusts a forgotten authority after a year is a risk; one that
  // breaks within a quarter is a nuisance.
  static constexpr absl::Duration kValidity = absl::Hours(24 * 365);

  static constexpr absl::Duration kListValidity = absl::Hours(24 * 30);

  // A fresh authority. `now` starts every validity, less an hour for clocks that disagree.
  static absl::StatusOr<DevCa> Create(absl::Time now);
  DevCa(DevCa&& other) noexcept;
  DevCa& operator=(DevCa&& other) noexcept;
  ~DevCa();

  // INTERNAL: OpenSSL refused, for instance a name of an unknown kind.
  absl::StatusOr<CertifiedKey> Issue(const CertificateSubject& subject) const;
  // The authority's revocation list (PEM) with the certificates (PEM) that it withdraws; the next
  // one is due after kListValidity.
  absl::StatusOr<std::string> Revoke(const std::vector<std::string>& certificate_pems) const;
  const std::string& certificate_pem() const { return certificate_pem_; }

 private:
  struct Parts;  // OpenSSL's objects. The authority's key lives here alone and is never written.
  DevCa(std::unique_ptr<Parts> parts, std::string certificate_pem);

  std::unique_ptr<Parts> parts_;
  std::string certificate_pem_;
};

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_DEV_CA_H_
