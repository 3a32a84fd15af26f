// Refuses clients whose certificates are withdrawn, after TLS has verified them.
#ifndef LETHE_SERVER_TLS_CLIENT_CHECK_H_
#define LETHE_SERVER_TLS_CLIENT_CHECK_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "crypto/revocation.h"
#include "grpcpp/security/tls_certificate_verifier.h"

namespace lethe::server {

// The lists in force. Thread-safe.
class ListsInForce {
 public:
  void Set(std::shared_ptr<const crypto::RevocationLists> lists);
  std::shared_ptr<const crypto::RevocationLists> Get() const;

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const crypto::RevocationLists> lists_ ABSL_GUARDED_BY(mutex_);
};

// Asked at every handshake, a resumed one too, with the lists of that moment. gRPC's own look-up
// (set_crl_directory) lets everybody in for whose authority it finds no list, and goes on with the
// lists that it has read once. Null lists: nobody is withdrawn.
std::shared_ptr<grpc::experimental::CertificateVerifier> MakeClientCheck(
    std::shared_ptr<const ListsInForce> lists);

}  // namespace lethe::server

#endif  // LETHE_SERVER_TLS_CLIENT_CHECK_H_
