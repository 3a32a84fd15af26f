#include "server/start/key_services.h"

#include <string>
#include <string_view>

namespace lethe::server {
namespace {

kms::StatusWatch::Observer LogSightings(const std::string& name, const Log& log) {
  return [&log, name](const kms::Sighting& now) {
    if (now.health.ok()) {
      log.Write(Level::kInfo, "key_service",
                {{"name", std::string_view(name)}, {"key_id", std::string_view(now.key_id)}});
      return;
    }
    const std::string what(now.health.message());
    log.Write(Level::kWarn, "key_service_unwell",
              {{"name", std::string_view(name)}, {"what", std::string_view(what)}});
  };
}

}  // namespace

KeyServices ConnectKeyServices(const ServerConfig& config, const Log& log, Random& random) {
  KeyServices services;
  for (const KmsProvider& provider : config.kms_providers) {
    services.push_back(std::make_unique<kms::KmsService>(
        kms::KmsService::Options{.name = provider.name,
                                 .endpoint = provider.endpoint,
                                 .timeout = provider.timeout,
                                 .observer = LogSightings(provider.name, log)},
        random));
  }
  return services;
}

}  // namespace lethe::server
