#include "server/start/config_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "base/text/yaml.h"
#include "server/start/settings.h"

namespace lethe::server {
namespace {

using Kind = YamlNode::Kind;

constexpr char kUnknown[] = "is no setting of lethed";

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

  absl::Status ReadMap(const YamlNode& map, const std::string& prefix) {
    for (const YamlEntry& entry : map.entries) LETHE_TRY(ReadEntry(entry, prefix));
    return absl::OkStatus();
  }

 private:
  absl::Status ReadEntry(const YamlEntry& entry, const std::string& prefix) {
    const std::string key = prefix + entry.key.text;
    for (const ListSetting& list : ListSettings()) {
      if (key == list.key) return ReadList(list, entry);
    }
    if (const Setting* setting = FindSetting(key); setting != nullptr) {
      return ReadSetting(*setting, entry);
    }
    if (!IsGroup(key)) return Wrong(entry.key, prefix + entry.key.Shown(), kUnknown);
    if (entry.value.kind != Kind::kMap) return Wrong(entry.key, key, "must be a map");
    return ReadMap(entry.value, key + ".");
  }

  absl::Status ReadSetting(const Setting& setting, const YamlEntry& entry) {
    const auto& [key, value] = entry;
    if (value.kind != Kind::kText) return Wrong(key, setting.key, "must be a single value");
    const std::string text = setting.is_path ? Resolve(value.text) : value.text;
    if (const absl::Status status = setting.set(config_, text); !status.ok()) {
      return Wrong(key, setting.key, std::string(status.message()));
    }
    return absl::OkStatus();
  }

  absl::Status ReadList(const ListSetting& list, const YamlEntry& entry) {
    const std::string wanted =
        absl::StrFormat("must be a list of {%s, %s}", list.required[0], list.required[1]);
    if (entry.value.kind != Kind::kList) return Wrong(entry.key, list.key, wanted);
    for (const YamlNode& row : entry.value.items) {
      if (row.kind != Kind::kMap) return Wrong(row, list.key, wanted);
      LETHE_TRY(ReadListEntry(list, row));
    }
    return absl::OkStatus();
  }

  absl::Status ReadListEntry(const ListSetting& list, const YamlNode& row) {
    Entry entry;
    for (const auto& [name, value] : row.entries) {
      const std::string key = absl::StrFormat("%s.%s", list.key, name.Shown());
      if (!Knows(list, name.text)) return Wrong(name, key, kUnknown);
      if (value.kind != Kind::kText) return Wrong(name, key, "must be a text");
      entry[name.text] = name.text == list.path_key ? Resolve(value.text) : value.text;
    }
    for (const std::string& name : list.required) {
      if (!entry[name].empty()) continue;
      return Wrong(row, list.key,
                   absl::StrFormat("needs both %s and %s", list.required[0], list.required[1]));
    }
    if (const absl::Status status = list.add(std::move(entry), config_); !status.ok()) {
      return Wrong(row, list.key, std::string(status.message()));
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

  static absl::Status Wrong(const YamlNode& at, const std::string& key, const std::string& what) {
    return at.Error("setting", key + " " + what);
  }

  const std::string& file_;
  ServerConfig& config_;
};

}  // namespace

absl::Status ReadConfig(const std::string& yaml, const std::string& file, ServerConfig& config) {
  LETHE_ASSIGN(const YamlNode root, ParseYaml(yaml, {.place = file + ":"}));
  if (root.kind != Kind::kMap) return root.Error("kind", "must be a map of settings");
  return Reader(file, config).ReadMap(root, "");
}

}  // namespace lethe::server
