#include "vault/open/descriptor.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "base/private_file.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"

namespace lethe::vault {
namespace {

constexpr int kFormat = 1;
constexpr char kTokenType[] = "pkcs11";

absl::Status Malformed() {
  return absl::DataLossError(
      "vault.json is damaged: put it back, or have it written anew: lethe vault describe");
}

nlohmann::ordered_json ToJson(const HolderSpec& holder) {
  if (!holder.token.has_value()) return holder.slots;
  nlohmann::ordered_json json;
  json["type"] = kTokenType;
  json["module"] = holder.token->module;
  json["token"] = holder.token->token;
  json["pin_file"] = holder.token->pin_file;
  json["slots"] = holder.slots;
  return json;
}

std::optional<HolderSpec> HolderFrom(const nlohmann::json& json) {
  if (json.is_string()) return HolderSpec(json.get<std::string>());
  if (!json.is_object()) return std::nullopt;
  const auto text = [&json](const char* key) {
    const auto value = json.find(key);
    return value != json.end() && value->is_string() ? value->get<std::string>() : std::string();
  };
  const HolderSpec holder(text("slots"), {text("module"), text("token"), text("pin_file")});
  const bool whole = !holder.slots.empty() && !holder.token->module.empty() &&
                     !holder.token->token.empty() && !holder.token->pin_file.empty();
  if (text("type") != kTokenType || !whole) return std::nullopt;
  return holder;
}

}  // namespace

std::string AbsolutePath(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  return ignored ? path : absolute.lexically_normal().string();
}

std::string Inside(const std::string& data_dir, const std::string& path) {
  const std::string prefix = data_dir + "/";
  return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

std::string EncodeDescriptor(const Descriptor& descriptor) {
  nlohmann::ordered_json json;
  json["format"] = kFormat;
  json["vault_id"] = descriptor.id.ToString();
  json["holders"] = nlohmann::ordered_json::array();
  for (const HolderSpec& holder : descriptor.holders) json["holders"].push_back(ToJson(holder));
  json["archive"] = nullptr;
  if (descriptor.archive_dir.has_value()) json["archive"] = *descriptor.archive_dir;
  json["dev"] = descriptor.dev;
  return json.dump(2) + "\n";
}

absl::StatusOr<Descriptor> DecodeDescriptor(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("format")) return Malformed();
  if (json["format"] != kFormat) {
    return Refuse(Reason::kUnsupportedFormat, "vault.json has a format this version does not know");
  }
  const auto has = [&](const char* key, auto check) {
    return json.contains(key) && (json[key].*check)();
  };
  using Json = nlohmann::json;
  if (!has("vault_id", &Json::is_string) || !has("holders", &Json::is_array) ||
      !has("dev", &Json::is_boolean) || !json.contains("archive")) {
    return Malformed();
  }
  Descriptor descriptor;
  const auto id = VaultId::Parse(json["vault_id"].get<std::string>());
  if (!id.ok()) return Malformed();
  descriptor.id = *id;
  for (const auto& entry : json["holders"]) {
    std::optional<HolderSpec> holder = HolderFrom(entry);
    if (!holder.has_value()) return Malformed();
    descriptor.holders.push_back(*std::move(holder));
  }
  if (json["archive"].is_string()) descriptor.archive_dir = json["archive"].get<std::string>();
  descriptor.dev = json["dev"].get<bool>();
  return descriptor;
}

absl::Status WriteDescriptor(const std::string& data_dir, const Descriptor& descriptor) {
  const absl::Status written =
      WritePrivateFile(data_dir + "/" + kDescriptorFile, EncodeDescriptor(descriptor));
  return written.ok() ? written : absl::UnavailableError("vault.json cannot be written");
}

absl::StatusOr<Descriptor> ReadDescriptor(const std::string& data_dir) {
  std::ifstream file(data_dir + "/" + kDescriptorFile, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        "no vault in this folder: it has no vault.json; where there was one, put it back, or have "
        "it written anew: lethe vault describe");
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return absl::UnavailableError("vault.json cannot be read");
  return DecodeDescriptor(text);
}

}  // namespace lethe::vault
