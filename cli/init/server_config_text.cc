#include "cli/init/server_config_text.h"

#include <yaml-cpp/yaml.h>

namespace lethe::cli {
namespace {

void Emit(YAML::Emitter& yaml, const char* key, const std::string& value) {
  yaml << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
}

}  // namespace

std::string ServerConfigText(const ServerConfigFacts& facts) {
  YAML::Emitter yaml;
  yaml << YAML::Comment("Written by lethe init. Every setting there is: lethed --help");
  yaml << YAML::BeginMap;
  Emit(yaml, "data_dir", facts.data_dir);
  Emit(yaml, "listen", facts.listen);
  yaml << YAML::Key << "tls" << YAML::Value << YAML::BeginMap;
  Emit(yaml, "ca", facts.ca);
  Emit(yaml, "cert", facts.cert);
  Emit(yaml, "key", facts.key);
  yaml << YAML::EndMap;
  // Lets tools of others find out the API; in production the proto files tell them.
  if (facts.dev) yaml << YAML::Key << "reflection" << YAML::Value << true;
  yaml << YAML::Key << "tenants" << YAML::Value << YAML::BeginSeq;
  for (const auto& [name, policy] : facts.tenants) {
    yaml << YAML::BeginMap;
    Emit(yaml, "name", name);
    Emit(yaml, "policy", policy);
    yaml << YAML::EndMap;
  }
  yaml << YAML::EndSeq << YAML::EndMap;
  return std::string(yaml.c_str()) + "\n";
}

}  // namespace lethe::cli
