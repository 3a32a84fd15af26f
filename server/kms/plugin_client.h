// A PluginClient makes the three calls of the KMS v2 interface on a plugin's socket, each within
// the time limit, and hands on only answers that plugin_answer.h has passed. Thread-safe.
#ifndef LETHE_SERVER_KMS_PLUGIN_CLIENT_H_
#define LETHE_SERVER_KMS_PLUGIN_CLIENT_H_

#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/random.h"
#include "grpcpp/client_context.h"
#include "kmsv2/plugin_service.grpc.pb.h"
#include "server/kms/plugin_answer.h"
#include "vault/holders/key_service.h"

namespace lethe::server::kms {

// UNAVAILABLE (kHolderUnreachable) from every call: no answer in time, none at all, or one that
// must not be.
class PluginClient {
 public:
  // `endpoint` has passed CheckEndpoint. Nothing is called yet. `random` makes the calls' ids.
  PluginClient(const std::string& endpoint, absl::Duration timeout, Random& random);

  // Refuses a plugin whose version is not the one it first had.
  absl::StatusOr<PluginState> GetStatus();
  absl::StatusOr<vault::holders::ServiceSeal> Encrypt(Bytes plaintext);
  // DATA_LOSS (kDecryptFailed): the plugin says that this is no seal of its own, or opened it to
  // another size.
  absl::Status Decrypt(const vault::holders::ServiceSeal& seal, MutableBytes plaintext);

  // Ends the calls under way; none is made any more.
  void Close();

 private:
  class Flight;  // One call under way.

  // `call` makes it with the stub.
  template <typename Call>
  grpc::Status Within(const Call& call);
  std::string DrawId() const;

  const std::unique_ptr<v2::KeyManagementService::Stub> stub_;
  const absl::Duration timeout_;
  Random& random_;
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<grpc::ClientContext*> in_flight_ ABSL_GUARDED_BY(mutex_);
  std::string first_version_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::server::kms

#endif  // LETHE_SERVER_KMS_PLUGIN_CLIENT_H_
