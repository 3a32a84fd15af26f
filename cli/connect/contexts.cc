#include "cli/connect/contexts.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/private_file.h"
#include "base/status_macros.h"
#include "base/text/yaml.h"
#include "base/text/yaml_map.h"
#include "cli/input/input.h"
#include "cli/output/failure.h"
#include "cli/output/message_text.h"

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

absl::StatusOr<Context> ContextFrom(const YamlNode& node) {
  std::array<std::string_view, kFields.size()> keys;
  std::ranges::transform(kFields, keys.begin(), &Field::key);
  LETHE_ASSIGN(const YamlMap map, YamlMap::Of(node, "context", keys));
  Context context;
  for (const Field& field : kFields) {
    LETHE_ASSIGN(const auto text, map.OptionalText(field.key));
    context.*(field.member) = text.value_or("");
  }
  if (context.name.empty()) return node.Error("required", "a context needs a name");
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
  LETHE_ASSIGN(const std::string yaml, ReadFile(path, kYamlBytesMax));
  return Parse(yaml);
}

absl::StatusOr<Contexts> Contexts::Parse(const std::string& yaml) {
  Contexts contexts;
  LETHE_ASSIGN(const YamlNode root, ParseYaml(yaml, {.place = "the contexts file, line "}));
  if (root.kind == YamlNode::Kind::kNothing) return contexts;
  LETHE_ASSIGN(const YamlMap map, YamlMap::Of(root, "the file", {"current", "contexts"}));
  LETHE_ASSIGN(const auto current, map.OptionalText("current"));
  contexts.current_ = current.value_or("");
  LETHE_ASSIGN(const auto list, map.List("contexts"));
  for (const YamlNode& node : list) {
    LETHE_ASSIGN(Context context, ContextFrom(node));
    if (contexts.Find(context.name) != nullptr) {
      return node.Error("duplicate", "another context has the same name: keep one");
    }
    contexts.Put(std::move(context));
  }
  return contexts;
}

std::string Contexts::ToYaml() const {
  Json file;
  if (!current_.empty()) file["current"] = current_;
  file["contexts"] = Json::array();
  for (const Context& context : contexts_) {
    Json one;
    for (const Field& field : kFields) {
      const std::string& value = context.*(field.member);
      if (!value.empty()) one[field.key] = value;
    }
    file["contexts"].push_back(std::move(one));
  }
  return cli::ToYaml(file);
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
