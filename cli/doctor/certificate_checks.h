// Certificates, before TLS fails without saying why.
#ifndef LETHE_CLI_DOCTOR_CERTIFICATE_CHECKS_H_
#define LETHE_CLI_DOCTOR_CERTIFICATE_CHECKS_H_

#include <string>

#include "absl/time/time.h"
#include "cli/doctor/finding.h"

namespace lethe::cli {

// Paths of PEM files.
struct CertificateFiles {
  std::string ca;
  std::string cert;
  std::string key;
  std::string crl{};  // A server's; empty: none.
};

// Those can be read, are valid now and for a while, belong together, the key is its owner's alone,
// and each authority has its revocation list where there are any. A client also needs the one URI
// that lethed knows it by: spiffe://<domain>/tenants/<tenant>/… or
// spiffe://<domain>/operators/<name>.
Finding CheckServerCertificate(const CertificateFiles& files, absl::Time now);
Finding CheckClientCertificate(const CertificateFiles& files, absl::Time now);

}  // namespace lethe::cli

#endif  // LETHE_CLI_DOCTOR_CERTIFICATE_CHECKS_H_
