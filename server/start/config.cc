#include "server/start/config.h"

#include <set>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "base/text/label.h"
#include "server/kms/endpoint.h"
#include "server/listen/address.h"

namespace lethe::server {
namespace {

absl::Status Wrong(std::string text) { return absl::InvalidArgumentError(std::move(text)); }

absl::Status CheckTransport(const ServerConfig& config) {
  const TlsFiles& tls = config.tls;
  const bool any_tls = !tls.ca.empty() || !tls.cert.empty() || !tls.key.empty() || !tls.crl.empty();
  if (!config.insecure_loopback_dev) {
    if (tls.ca.empty()) return Wrong("tls.ca is missing: callers are known by their certificates");
    if (tls.cert.empty()) return Wrong("tls.cert is missing");
    if (tls.key.empty()) return Wrong("tls.key is missing");
    return absl::OkStatus();
  }
  if (any_tls) return Wrong("insecure_loopback_dev and tls exclude each other");
  LETHE_ASSIGN(const Address address, ParseAddress(config.listen));
  if (!IsLoopback(address)) {
    return Wrong("insecure_loopback_dev listens on loopback addresses only (127.0.0.1, ::1)");
  }
  return absl::OkStatus();
}

absl::Status CheckAddresses(const ServerConfig& config) {
  LETHE_ASSIGN(const Address main, ParseAddress(config.listen));
  if (config.health_listen.empty()) return absl::OkStatus();
  LETHE_ASSIGN(const Address health, ParseAddress(config.health_listen));
  if (health.port != 0 && health.port == main.port) {
    return Wrong("listen and health_listen name the same port");
  }
  return absl::OkStatus();
}

absl::Status CheckTenants(const ServerConfig& config) {
  if (config.tenants.empty()) return Wrong("tenants is empty: the vault would serve nobody");
  std::set<std::string> names;
  for (const TenantFile& tenant : config.tenants) {
    if (!IsLabel(tenant.name)) {
      return Wrong(absl::StrFormat("tenant '%s': a name is %s", tenant.name, kLabelShape));
    }
    if (!names.insert(tenant.name).second) {
      return Wrong(absl::StrFormat("tenant '%s' is there twice", tenant.name));
    }
    if (tenant.policy.empty()) {
      return Wrong(absl::StrFormat("tenant '%s' has no policy", tenant.name));
    }
  }
  return absl::OkStatus();
}

// The one in use, the one before it, the one to come, and one to spare.
constexpr std::size_t kKmsProvidersMax = 4;

absl::Status CheckKmsProviders(const ServerConfig& config) {
  if (config.kms_providers.size() > kKmsProvidersMax) {
    return Wrong(absl::StrFormat("root.outer.kmsv2.providers: at most %d", kKmsProvidersMax));
  }
  std::set<std::string> names;
  std::set<std::string> endpoints;
  for (const KmsProvider& provider : config.kms_providers) {
    if (!IsLabel(provider.name)) {
      return Wrong(absl::StrFormat("provider '%s': a name is %s", provider.name, kLabelShape));
    }
    if (!names.insert(provider.name).second) {
      return Wrong(absl::StrFormat("provider '%s' is there twice", provider.name));
    }
    if (const absl::Status status = kms::CheckEndpoint(provider.endpoint); !status.ok()) {
      return Wrong(absl::StrFormat("provider '%s': endpoint %s", provider.name,
                                   std::string(status.message())));
    }
    if (!endpoints.insert(provider.endpoint).second) {
      return Wrong(absl::StrFormat("provider '%s': another has its endpoint", provider.name));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckConfig(const ServerConfig& config) {
  if (config.data_dir.empty()) return Wrong("data_dir is missing: the folder of the vault");
  LETHE_TRY(CheckAddresses(config));
  LETHE_TRY(CheckTransport(config));
  LETHE_TRY(CheckKmsProviders(config));
  return CheckTenants(config);
}

}  // namespace lethe::server
