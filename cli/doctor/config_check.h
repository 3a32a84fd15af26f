// lethed's configuration, as lethed itself judges it.
#ifndef LETHE_CLI_DOCTOR_CONFIG_CHECK_H_
#define LETHE_CLI_DOCTOR_CONFIG_CHECK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/doctor/certificate_checks.h"
#include "cli/doctor/finding.h"

namespace lethe::cli {

// What to do about a configuration that is broken.
inline constexpr char kCorrectConfig[] = "correct the file; every setting: lethed --help";

// A plugin of a key service that a configuration names.
struct ConfiguredProvider {
  std::string name;
  std::string endpoint;
  absl::Duration timeout = absl::Seconds(3);  // lethed's own, where none is said.
};

// The places that a configuration names; paths absolute. Empty: not said.
struct ConfiguredPlaces {
  std::string data_dir;
  CertificateFiles tls;
  std::vector<ConfiguredProvider> providers;
};

// INVALID_ARGUMENT: cannot be read, or is no YAML that could mean one thing only. Whether the
// settings are sound as a whole is CheckConfig's to say.
absl::StatusOr<ConfiguredPlaces> ReadPlaces(const std::string& config_file);

// Runs `lethed --check-config`: the one strict reader. `lethed` empty: the one beside this program,
// else the one in PATH.
Finding CheckConfig(const std::string& config_file, const std::string& lethed);

}  // namespace lethe::cli

#endif  // LETHE_CLI_DOCTOR_CONFIG_CHECK_H_
