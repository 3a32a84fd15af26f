#include "server/start/config_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "server/start/settings.h"
#include "yaml-cpp/yaml.h"

namespace lethe::server {
namespace {

// The texts of one entry of a list, by key.
using Entry = std::map<std::string, std::string>;

// A setting that is a list of maps: such a one has no flag that fits on a command line.
struct ListSetting {
  std::string key;
  std::array<std::string, 2> required;
  std::vector<std::string> optional;
  // INVALID_ARGUMENT says what of the entry is wrong.
  absl::Status (*add)(Entry entry, ServerConfig& config);
  // Which of its keys is a path, relative to the file's folder; empty: none.
  std::string path_key;
};

absl::Status AddTenant(Entry entry, ServerConfig& config) {
  config.tenants.push_back({std::move(entry["name"]), std::move(entry["policy"])});
  return absl::OkStatus();
}

// A call takes a cloud some tenths of a second; half a minute is an outage.
constexpr absl::Duration kProviderTimeoutMax = absl::Seconds(30);

absl::Status AddProvider(Entry entry, ServerConfig& config) {
  KmsProvider provider{std::move(entry["name"]), std::move(entry["endpoint"])};
  if (const auto timeout = entry.find("timeout"); timeout != entry.end()) {
    const bool right = absl::ParseDuration(timeout->second, &provider.timeout) &&
                       provider.timeout > absl::ZeroDuration() &&
                       provider.timeout <= kProviderTimeoutMax;
    if (!right) return absl::InvalidArgumentError("timeout must be a time such as 3s, at most 30s");
  }
  config.kms_providers.push_back(std::move(provider));
  return absl::OkStatus();
}

const std::vector<ListSetting>& ListSettings() {
  static const auto* const lists = new std::vector<ListSetting>{
      {"tenants", {"name", "policy"}, {}, &AddTenant, "policy"},
      {"root.outer.kmsv2.providers", {"name", "endpoint"}, {"timeout"}, &AddProvider, ""},
  };
  return *lists;
}

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
    for (const ListSetting& list : ListSettings()) {
      if (key == list.key) return ReadList(list, at, value);
    }
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

  absl::Status ReadList(const ListSetting& list, const YAML::Node& at, const YAML::Node& value) {
    const std::string wanted =
        absl::StrFormat("must be a list of {%s, %s}", list.required[0], list.required[1]);
    if (!value.IsSequence()) return At(at, list.key, wanted);
    for (const YAML::Node& row : value) {
      if (!row.IsMap()) return At(row, list.key, wanted);
      LETHE_TRY(ReadListEntry(list, row));
    }
    return absl::OkStatus();
  }

  absl::Status ReadListEntry(const ListSetting& list, const YAML::Node& row) {
    Entry entry;
    for (const auto& member : row) {
      const std::string name = member.first.Scalar();
      const std::string key = absl::StrFormat("%s.%s", list.key, name);
      if (!Knows(list, name)) return At(member.first, key, "is no setting of lethed");
      if (entry.contains(name)) return At(member.first, key, "is set twice");
      if (!member.second.IsScalar()) return At(member.first, key, "must be a text");
      const std::string text = member.second.Scalar();
      entry[name] = name == list.path_key ? Resolve(text) : text;
    }
    for (const std::string& name : list.required) {
      if (!entry[name].empty()) continue;
      return At(row, list.key,
                absl::StrFormat("needs both %s and %s", list.required[0], list.required[1]));
    }
    if (const absl::Status status = list.add(std::move(entry), config_); !status.ok()) {
      return At(row, list.key, std::string(status.message()));
    }
    return absl::OkStatus();
  }

  static bool Knows(const ListSetting& list, const std::string& name) {
    const auto has = [&name](const auto& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    return has(list.required) || has(list.optional);
  }

  static bool IsGroup(const std::string& key) {
    for (const Setting& setting : Settings()) {
      if (setting.key.starts_with(key + ".")) return true;
    }
    for (const ListSetting& list : ListSettings()) {
      if (list.key.starts_with(key + ".")) return true;
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
