// Reads the configuration file: YAML, strictly.
#ifndef LETHE_SERVER_START_CONFIG_FILE_H_
#define LETHE_SERVER_START_CONFIG_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "server/start/config.h"

namespace lethe::server {

// Puts what `yaml` says into `config`. INVALID_ARGUMENT names `file` (for messages, and the folder
// that relative paths start from) and the line: a syntax error, an unknown or repeated key, a value
// that is not what the key takes. `config` is then half filled.
absl::Status ReadConfig(const std::string& yaml, const std::string& file, ServerConfig& config);

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_CONFIG_FILE_H_
