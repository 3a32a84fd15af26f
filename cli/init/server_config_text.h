// The configuration file that `lethe init` writes for lethed.
#ifndef LETHE_CLI_INIT_SERVER_CONFIG_TEXT_H_
#define LETHE_CLI_INIT_SERVER_CONFIG_TEXT_H_

#include <string>
#include <utility>
#include <vector>

namespace lethe::cli {

// All paths absolute.
struct ServerConfigFacts {
  std::string data_dir;
  std::string listen;
  std::string ca;
  std::string cert;
  std::string key;
  bool dev = false;
  std::vector<std::pair<std::string, std::string>> tenants;  // Name, policy file.
};

std::string ServerConfigText(const ServerConfigFacts& facts);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INIT_SERVER_CONFIG_TEXT_H_
