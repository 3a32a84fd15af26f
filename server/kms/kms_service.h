// A KmsService is a key service behind a KMS v2 plugin: AWS, Google Cloud, Azure, OpenBao, an HSM.
#ifndef LETHE_SERVER_KMS_KMS_SERVICE_H_
#define LETHE_SERVER_KMS_KMS_SERVICE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/random.h"
#include "server/kms/plugin_client.h"
#include "server/kms/status_watch.h"
#include "vault/holders/key_service.h"

namespace lethe::server::kms {

class KmsService final : public vault::holders::KeyService {
 public:
  struct Options {
    std::string name;
    std::string endpoint;  // Has passed CheckEndpoint.
    absl::Duration timeout = absl::Seconds(3);
    StatusWatch::Pace pace = {};
    StatusWatch::Observer observer = {};
  };

  KmsService(const Options& options, Random& random);

  std::string name() const override { return name_; }
  // Asks by sealing something: some plugins (Google's) learn of a new version only then.
  absl::StatusOr<std::string> CurrentKeyId() override;
  // Takes a seal only if it is of the key that the plugin's status names.
  absl::StatusOr<vault::holders::ServiceSeal> Seal(Bytes plaintext) override;
  absl::Status Open(const vault::holders::ServiceSeal& seal, MutableBytes plaintext) override;

  // What the watch saw last; asks nobody.
  Sighting LastSighting() const { return watch_.Last(); }

 private:
  const std::string name_;
  PluginClient client_;
  StatusWatch watch_;
};

}  // namespace lethe::server::kms

#endif  // LETHE_SERVER_KMS_KMS_SERVICE_H_
