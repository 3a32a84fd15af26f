// The socket of a key service's plugin: there, somebody behind it, and lethed may open it.
#ifndef LETHE_CLI_DOCTOR_KEY_SERVICE_CHECK_H_
#define LETHE_CLI_DOCTOR_KEY_SERVICE_CHECK_H_

#include <string>

#include "cli/doctor/config_check.h"
#include "cli/doctor/finding.h"

namespace lethe::cli {

// lethed runs as the owner of `data_dir`, and plugins make their socket for their own user alone,
// so the two must be the same.
Finding CheckKeyService(const ConfiguredProvider& provider, const std::string& data_dir);

}  // namespace lethe::cli

#endif  // LETHE_CLI_DOCTOR_KEY_SERVICE_CHECK_H_
