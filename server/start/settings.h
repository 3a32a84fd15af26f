// The one table of settings: for each its key in the file, from which the flag and the environment
// variable follow, what it means, and how its text becomes a value.
#ifndef LETHE_SERVER_START_SETTINGS_H_
#define LETHE_SERVER_START_SETTINGS_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "server/start/config.h"

namespace lethe::server {

struct Setting {
  std::string key;      // "tls.ca"
  std::string meaning;  // For --help.
  bool is_path = false;
  bool is_switch = false;  // The flag alone means true.
  // INVALID_ARGUMENT says what the text must look like.
  std::function<absl::Status(ServerConfig& config, const std::string& text)> set;
};

const std::vector<Setting>& Settings();

// Null if there is none.
const Setting* FindSetting(std::string_view key);

std::string FlagOf(const Setting& setting);         // "--tls-ca"
std::string EnvironmentOf(const Setting& setting);  // "LETHED_TLS_CA"

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_SETTINGS_H_
