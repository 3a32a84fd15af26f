#include "cli/init/server_config_text.h"

#include "cli/output/message_text.h"

namespace lethe::cli {

std::string ServerConfigText(const ServerConfigFacts& facts) {
  Json config = {{"data_dir", facts.data_dir},
                 {"listen", facts.listen},
                 {"tls", {{"ca", facts.ca}, {"cert", facts.cert}, {"key", facts.key}}}};
  // Lets tools of others find out the API; in production the proto files tell them.
  if (facts.dev) config["reflection"] = true;
  config["tenants"] = Json::array();
  for (const auto& [name, policy] : facts.tenants) {
    config["tenants"].push_back({{"name", name}, {"policy", policy}});
  }
  return "# Written by lethe init. Every setting there is: lethed --help\n" + ToYaml(config);
}

}  // namespace lethe::cli
