#include "cli/connect/contexts.h"

#include <sys/stat.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/private_file.h"
#include "base/status_macros.h"
#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

struct Field {
  const char* key;
  std::string Context::*member;
};

constexpr std::array<Field, 7> kFields = {{{"name", &Context::name},
                                           {"address", &Context::address},
                                           {"tenant", &Context::tenant},
                                           {"ca", &Context::ca},
                                           {"cert", &Context::cert},
                                           {"key", &Context::key},
                                           {"purpose", &Context::purpose}}};

absl::Status Malformed(const std::string& what) {
  return absl::InvalidArgumentError("the contexts file: " + what);
}

absl::StatusOr<Context> ContextFrom(const YAML::Node& node) {
  if (!node.IsMap()) return Malformed("a context is a map");
  Context context;
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    const auto field = std::find_if(kFields.begin(), kFields.end(),
                                    [&](const Field& candidate) { return key == candidate.key; });
    if (field == kFields.end()) return Malformed("unknown key '" + key + "'");
    context.*(field->member) = entry.second.as<std::string>();
  }
  if (context.name.empty()) return Malformed("a context needs a name");
  return context;
}

}  // namespace

absl::StatusOr<std::string> Contexts::PathFrom(const Environment& environment) {
  if (const auto path = environment("LETHE_CONTEXTS"); path.has_value() && !path->empty()) {
    return *path;
  }
  if (const auto home = environment("XDG_CONFIG_HOME"); home.has_value() && !home->empty()) {
    return *home + "/lethe/contexts.yaml";
  }
  if (const auto home = environment("HOME"); home.has_value() && !home->empty()) {
    return *home + "/.config/lethe/contexts.yaml";
  }
  return Usage("no place for the contexts file: set LETHE_CONTEXTS or HOME");
}

absl::StatusOr<Contexts> Contexts::Load(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return Contexts();
  if ((info.st_mode & 077) != 0) {
    return absl::FailedPreconditionError("others may touch the contexts file: chmod 600 " + path);
  }
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return absl::UnknownError("cannot read the contexts file " + path);
  return Parse(text.str());
}

absl::StatusOr<Contexts> Contexts::Parse(const std::string& yaml) try {
  Contexts contexts;
  const YAML::Node root = YAML::Load(yaml);
  if (root.IsNull()) return contexts;
  if (!root.IsMap()) return Malformed("not a map");
  for (const auto& entry : root) {
    const auto key = entry.first.as<std::string>();
    if (key == "current") {
      contexts.current_ = entry.second.as<std::string>();
    } else if (key == "contexts") {
      for (const auto& node : entry.second) {
        LETHE_ASSIGN(Context context, ContextFrom(node));
        contexts.Put(std::move(context));
      }
    } else {
      return Malformed("unknown key '" + key + "'");
    }
  }
  return contexts;
} catch (const YAML::Exception& error) {
  return Malformed("line " + std::to_string(error.mark.line + 1) + ": " + error.msg);
}

std::string Contexts::ToYaml() const {
  YAML::Emitter yaml;
  yaml << YAML::BeginMap;
  if (!current_.empty()) yaml << YAML::Key << "current" << YAML::Value << current_;
  yaml << YAML::Key << "contexts" << YAML::Value << YAML::BeginSeq;
  for (const Context& context : contexts_) {
    yaml << YAML::BeginMap;
    for (const Field& field : kFields) {
      const std::string& value = context.*(field.member);
      if (!value.empty()) yaml << YAML::Key << field.key << YAML::DoubleQuoted << value;
    }
    yaml << YAML::EndMap;
  }
  yaml << YAML::EndSeq << YAML::EndMap;
  return std::string(yaml.c_str()) + "\n";
}

absl::Status Contexts::Save(const std::string& path) const {
  if (const auto slash = path.rfind('/'); slash != std::string::npos && slash > 0) {
    LETHE_TRY(MakePrivateFolder(path.substr(0, slash)));
  }
  return WritePrivateFile(path, ToYaml());
}

const Context* Contexts::Find(std::string_view name) const {
  const auto found = std::find_if(contexts_.begin(), contexts_.end(),
                                  [&](const Context& context) { return context.name == name; });
  return found == contexts_.end() ? nullptr : &*found;
}

void Contexts::Put(Context context) {
  const auto old = std::find_if(contexts_.begin(), contexts_.end(), [&](const Context& candidate) {
    return candidate.name == context.name;
  });
  if (old == contexts_.end()) {
    contexts_.push_back(std::move(context));
  } else {
    *old = std::move(context);
  }
}

absl::Status Contexts::Use(const std::string& name) {
  if (Find(name) == nullptr) return Usage("no context '" + name + "' (lethe context list)");
  current_ = name;
  return absl::OkStatus();
}

}  // namespace lethe::cli
