#include "server/config_file.h"

#include <filesystem>
#include <set>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "server/settings.h"
#include "yaml-cpp/yaml.h"

namespace lethe::server {
namespace {

// One reading of one file.
class Reader {
 public:
  Reader(const std::string& file, ServerConfig& config) : file_(file), config_(config) {}

  absl::Status ReadMap(const YAML::Node& map, const std::string& prefix) {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      const std::string key = prefix + entry.first.Scalar();
      if (!seen.insert(key).second) return At(entry.first, key, "is set twice");
      LETHE_TRY(ReadEntry(entry.first, key, entry.second));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status ReadEntry(const YAML::Node& at, const std::string& key, const YAML::Node& value) {
    if (key == "tenants") return ReadTenants(at, value);
    if (const Setting* setting = FindSetting(key); setting != nullptr) {
      return ReadSetting(*setting, at, value);
    }
    if (!IsGroup(key)) return At(at, key, "is no setting of lethed");
    if (!value.IsMap()) return At(at, key, "must be a map");
    return ReadMap(value, key + ".");
  }

  absl::Status ReadSetting(const Setting& setting, const YAML::Node& at, const YAML::Node& value) {
    if (!value.IsScalar()) return At(at, setting.key, "must be a single value");
    const std::string text = setting.is_path ? Resolve(value.Scalar()) : value.Scalar();
    if (const absl::Status status = setting.set(config_, text); !status.ok()) {
      return At(at, setting.key, std::string(status.message()));
    }
    return absl::OkStatus();
  }

  absl::Status ReadTenants(const YAML::Node& at, const YAML::Node& list) {
    if (!list.IsSequence()) return At(at, "tenants", "must be a list of {name, policy}");
    for (const YAML::Node& row : list) {
      if (!row.IsMap()) return At(row, "tenants", "must be a list of {name, policy}");
      LETHE_TRY(ReadTenant(row));
    }
    return absl::OkStatus();
  }

  absl::Status ReadTenant(const YAML::Node& row) {
    TenantFile tenant;
    for (const auto& entry : row) {
      const std::string key = entry.first.Scalar();
      if (key != "name" && key != "policy") {
        return At(entry.first, "tenants." + key, "is no setting of lethed");
      }
      std::string& target = key == "name" ? tenant.name : tenant.policy;
      if (!target.empty()) return At(entry.first, "tenants." + key, "is set twice");
      if (!entry.second.IsScalar()) return At(entry.first, "tenants." + key, "must be a text");
      target = entry.second.Scalar();
    }
    if (tenant.name.empty() || tenant.policy.empty()) {
      return At(row, "tenants", "needs both name and policy");
    }
    tenant.policy = Resolve(tenant.policy);
    config_.tenants.push_back(std::move(tenant));
    return absl::OkStatus();
  }

  static bool IsGroup(const std::string& key) {
    for (const Setting& setting : Settings()) {
      if (setting.key.starts_with(key + ".")) return true;
    }
    return false;
  }

  std::string Resolve(const std::string& path) const {
    if (path.empty()) return path;
    return (std::filesystem::path(file_).parent_path() / path).lexically_normal().string();
  }

  absl::Status At(const YAML::Node& node, const std::string& key, const std::string& what) const {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s:%d: %s %s", file_, node.Mark().line + 1, key, what));
  }

  const std::string& file_;
  ServerConfig& config_;
};

}  // namespace

absl::Status ReadConfig(const std::string& yaml, const std::string& file, ServerConfig& config) {
  // yaml-cpp reports syntax errors by exception; it goes no further than here.
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (!root.IsMap()) {
      return absl::InvalidArgumentError(absl::StrFormat("%s: must be a map of settings", file));
    }
    return Reader(file, config).ReadMap(root, "");
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s:%d: %s", file, error.mark.line + 1, error.msg));
  }
}

}  // namespace lethe::server
