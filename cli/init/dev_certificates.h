// Certificates for development, as files: ca.crt, and a .crt and .key for the server, the operator
// and each tenant. The authority's own key is never written: nobody can add to it.
#ifndef LETHE_CLI_INIT_DEV_CERTIFICATES_H_
#define LETHE_CLI_INIT_DEV_CERTIFICATES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"

namespace lethe::cli {

// spiffe://lethe.dev/tenants/{tenant}/clients/dev
std::string DevClientUri(const std::string& tenant);

// spiffe://lethe.dev/operators/dev
std::string DevOperatorUri();

// Into `folder`, which is made with mode 0700; every file has mode 0600. The server is good for
// localhost, 127.0.0.1 and ::1. `tenants` are DNS labels.
absl::Status WriteDevCertificates(const std::string& folder,
                                  const std::vector<std::string>& tenants, const Clock& clock);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INIT_DEV_CERTIFICATES_H_
