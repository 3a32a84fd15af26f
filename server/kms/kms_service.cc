#include "server/kms/kms_service.h"

#include <memory>
#include <string_view>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "server/kms/endpoint.h"
#include "vault/holders/kms_plugin.h"

namespace lethe::server::kms {
namespace {

using vault::holders::ServiceSeal;

// Sealed to learn the key, and never opened. Public.
constexpr std::string_view kProbe = "lethe asks: key?";

}  // namespace

KmsService::KmsService(const Options& options, Random& random)
    : name_(options.name),
      client_(options.endpoint, options.timeout, random),
      watch_(client_, options.pace, options.observer) {}

absl::StatusOr<std::string> KmsService::CurrentKeyId() {
  LETHE_ASSIGN(ServiceSeal probe, Seal(AsBytes(kProbe)));
  return std::move(probe.key_id);
}

absl::StatusOr<ServiceSeal> KmsService::Seal(Bytes plaintext) {
  LETHE_ASSIGN(const PluginState before, client_.GetStatus());
  LETHE_ASSIGN(ServiceSeal seal, client_.Encrypt(plaintext));
  if (seal.key_id == before.key_id) return seal;
  // The key was rotated in between, or the plugin has just learnt its version.
  LETHE_ASSIGN(const PluginState after, client_.GetStatus());
  if (seal.key_id == after.key_id) return seal;
  return Refuse(Reason::kHolderUnreachable,
                "the key service sealed with another key than it says it has", "key_id");
}

absl::Status KmsService::Open(const ServiceSeal& seal, MutableBytes plaintext) {
  return client_.Decrypt(seal, plaintext);
}

}  // namespace lethe::server::kms

namespace lethe::vault::holders {

absl::StatusOr<std::unique_ptr<KeyService>> NewKmsService(const KmsPlugin& plugin, Random& random) {
  LETHE_TRY(server::kms::CheckEndpoint(plugin.endpoint));
  return std::make_unique<server::kms::KmsService>(
      server::kms::KmsService::Options{
          .name = plugin.name, .endpoint = plugin.endpoint, .timeout = plugin.timeout},
      random);
}

}  // namespace lethe::vault::holders
