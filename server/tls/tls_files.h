// Where the operator keeps what TLS needs.
#ifndef LETHE_SERVER_TLS_TLS_FILES_H_
#define LETHE_SERVER_TLS_TLS_FILES_H_

#include <string>

namespace lethe::server {

// Paths of PEM files; those of folders that are swapped as a whole (Kubernetes' secrets) too.
struct TlsFiles {
  std::string ca{};    // The authorities that sign the clients' certificates.
  std::string cert{};  // The server's chain.
  std::string key{};
  std::string crl{};  // What the authorities have withdrawn; empty: nothing is looked up.
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TLS_TLS_FILES_H_
