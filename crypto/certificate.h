// What a certificate and its key are, for whoever wants to know before TLS fails without a word.
#ifndef LETHE_CRYPTO_CERTIFICATE_H_
#define LETHE_CRYPTO_CERTIFICATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace lethe::crypto {

struct CertificateFacts {
  absl::Time not_before;
  absl::Time not_after;
  std::vector<std::string> uris;  // Of the subject alternative name.
  std::vector<std::string> dns_names;
  bool is_ca = false;
  std::string serial;       // In hexadecimal, as `openssl x509 -serial` prints it.
  std::string fingerprint;  // The first 16 hexadecimal digits of SHA-256 over the certificate.
};

// The first certificate of a PEM text. INVALID_ARGUMENT: there is none.
absl::StatusOr<CertificateFacts> InspectCertificate(const std::string& pem);

// Every certificate of a PEM text. INVALID_ARGUMENT: there is none, or one of them is cut off or
// damaged, whatever stands before it.
absl::StatusOr<std::vector<CertificateFacts>> InspectCertificates(const std::string& pem);

// OK: a TLS server takes the chain and the key as they are, by OpenSSL's own rules. Beyond
// CheckKeyMatches it refuses keys and signatures that are too weak for this machine's policy.
// INVALID_ARGUMENT says what it does not take: "certificate", "key" or "chain" first.
absl::Status CheckServes(const std::string& chain_pem, const std::string& key_pem);

// OK: the private key is that of the certificate. INVALID_ARGUMENT: one of them cannot be read
// (a key under a password cannot), or they do not belong together.
absl::Status CheckKeyMatches(const std::string& certificate_pem, const std::string& key_pem);

// OK: `certificate_pem` was signed by `ca_pem`'s first certificate. Validity is not looked at.
absl::Status CheckIssuedBy(const std::string& certificate_pem, const std::string& ca_pem);

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_CERTIFICATE_H_
