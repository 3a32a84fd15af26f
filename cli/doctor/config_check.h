// lethed's configuration, as lethed itself judges it.
#ifndef LETHE_CLI_DOCTOR_CONFIG_CHECK_H_
#define LETHE_CLI_DOCTOR_CONFIG_CHECK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/doctor/certificate_checks.h"
#include "cli/doctor/finding.h"

namespace lethe::cli {

// A plugin of a key service that a configuration names.
struct ConfiguredProvider {
  std::string name;
  std::string endpoint;
};

// The places that a configuration names; paths absolute. Empty: not said.
struct ConfiguredPlaces {
  std::string data_dir;
  CertificateFiles tls;
  std::vector<ConfiguredProvider> providers;
};

// Reads only those; whether the file is sound as a whole is CheckConfig's to say.
absl::StatusOr<ConfiguredPlaces> ReadPlaces(const std::string& config_file);

// Runs `lethed --check-config`: the one strict reader. `lethed` empty: the one beside this program,
// else the one in PATH.
Finding CheckConfig(const std::string& config_file, const std::string& lethed);

}  // namespace lethe::cli

#endif  // LETHE_CLI_DOCTOR_CONFIG_CHECK_H_
