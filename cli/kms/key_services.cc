#include "cli/kms/key_services.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "cli/doctor/config_check.h"
#include "vault/holders/kms_plugin.h"

namespace lethe::cli {

void BindKeyServices(CLI::App& verb, std::string& config_file) {
  verb.add_option("--config", config_file,
                  "lethed.yaml, where a key service seals the holders: it names the key services, "
                  "whose plugins must run");
}

absl::StatusOr<KeyServices> KeyServices::Read(const std::string& config_file, Random& random) {
  KeyServices services;
  if (config_file.empty()) return services;
  LETHE_ASSIGN(const ConfiguredPlaces places, ReadPlaces(config_file));
  for (const ConfiguredProvider& provider : places.providers) {
    auto service = vault::holders::NewKmsService(
        {.name = provider.name, .endpoint = provider.endpoint, .timeout = provider.timeout},
        random);
    if (!service.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(config_file, ": key service ", provider.name,
                                                     ": endpoint ", service.status().message()));
    }
    services.services_.push_back(*std::move(service));
  }
  return services;
}

std::vector<vault::holders::KeyService*> KeyServices::all() const {
  std::vector<vault::holders::KeyService*> all;
  for (const auto& service : services_) all.push_back(service.get());
  return all;
}

absl::Status KeyServices::Explain(const absl::Status& status) const {
  if (ReasonOf(status) != Reason::kHolderUnreachable || !services_.empty()) return status;
  return Refuse(Reason::kHolderUnreachable,
                absl::StrCat(status.message(),
                             "; where a key service seals the holders, give the "
                             "configuration that names it: --config lethed.yaml"));
}

}  // namespace lethe::cli
