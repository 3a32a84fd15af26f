// A KmsPlugin is a real KMS v2 plugin over keys of SoftHSM2, on a unix socket, with answers that a
// test can spoil. Keys are called root-1, root-2 …; the highest one seals.
#ifndef LETHE_TESTS_SERVER_KMS_KMS_PLUGIN_H_
#define LETHE_TESTS_SERVER_KMS_KMS_PLUGIN_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/server.h"
#include "kmsv2/plugin_service.grpc.pb.h"
#include "tests/server/kms/token_keys.h"

namespace lethe::test {

class KmsPlugin final : public v2::KeyManagementService::Service {
 public:
  // What happens to an answer before it leaves.
  struct Spoil {
    std::function<void(v2::StatusResponse&)> status;
    std::function<void(v2::EncryptResponse&)> encrypt;
    std::function<void(v2::DecryptResponse&)> decrypt;
    grpc::Status refusal;  // Not OK: every call ends with it.
  };

  // Serves when it returns. `keys` outlives the plugin.
  KmsPlugin(TokenKeys& keys, const std::string& socket);
  ~KmsPlugin() override;

  void SetSpoil(Spoil spoil);
  // Makes a new key the one that seals; returns its name.
  std::string Rotate();
  bool Destroy(const std::string& key_id) { return keys_.Destroy(key_id); }
  // Calls get no answer until Release.
  void Hold();
  void Release();
  int status_calls();
  // Waits until `count` Status calls were answered since the start; false: not within ten seconds.
  bool AwaitStatusCalls(int count);

  grpc::Status Status(grpc::ServerContext* context, const v2::StatusRequest* request,
                      v2::StatusResponse* response) override;
  grpc::Status Encrypt(grpc::ServerContext* context, const v2::EncryptRequest* request,
                       v2::EncryptResponse* response) override;
  grpc::Status Decrypt(grpc::ServerContext* context, const v2::DecryptRequest* request,
                       v2::DecryptResponse* response) override;

 private:
  // Waits out Hold; how this call is to be spoilt.
  Spoil Begin();
  std::string Current();

  TokenKeys& keys_;
  absl::Mutex mutex_;
  Spoil spoil_ ABSL_GUARDED_BY(mutex_);
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  int status_calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int current_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_KMS_KMS_PLUGIN_H_
