#include "cli/output/message_text.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/utf8.h"

namespace lethe::cli {
namespace {

constexpr int kIndent = 2;

void EmitYaml(const Json& json, YAML::Emitter& yaml) {
  if (json.is_object()) {
    yaml << YAML::BeginMap;
    for (const auto& [key, value] : json.items()) {
      yaml << YAML::Key << key << YAML::Value;
      EmitYaml(value, yaml);
    }
    yaml << YAML::EndMap;
  } else if (json.is_array()) {
    yaml << YAML::BeginSeq;
    for (const Json& value : json) EmitYaml(value, yaml);
    yaml << YAML::EndSeq;
  } else if (json.is_string()) {
    yaml << YAML::DoubleQuoted << json.get<std::string>();
  } else {
    yaml << json.dump();
  }
}

std::string ScalarText(const Json& json) {
  return json.is_string() ? Printable(json.get<std::string>()) : json.dump();
}

void AppendCard(const Json& object, int depth, std::string& card);

void AppendItems(const Json& array, int depth, std::string& card) {
  for (const Json& item : array) {
    if (!item.is_object()) {
      absl::StrAppendFormat(&card, "%*s- %s\n", depth * kIndent, "", ScalarText(item));
      continue;
    }
    std::string nested;
    AppendCard(item, depth + 1, nested);
    // The first line of an item carries its dash.
    if (!nested.empty()) nested[depth * kIndent] = '-';
    card += nested;
  }
}

void AppendCard(const Json& object, int depth, std::string& card) {
  for (const auto& [key, value] : object.items()) {
    if (value.empty() || value == "") continue;
    absl::StrAppendFormat(&card, "%*s%s:", depth * kIndent, "", key);
    if (value.is_object()) {
      card += '\n';
      AppendCard(value, depth + 1, card);
    } else if (value.is_array()) {
      card += '\n';
      AppendItems(value, depth + 1, card);
    } else {
      absl::StrAppendFormat(&card, " %s\n", ScalarText(value));
    }
  }
}

}  // namespace

Json ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string text;
  // Fails for a timestamp out of range only, which no answer of the server holds.
  LETHE_CHECK(google::protobuf::util::MessageToJsonString(message, &text, options).ok());
  return Json::parse(text);
}

std::string ToYaml(const Json& json) {
  YAML::Emitter yaml;
  EmitYaml(json, yaml);
  return std::string(yaml.c_str()) + "\n";
}

std::string ToCard(const Json& json) {
  std::string card;
  AppendCard(json, 0, card);
  return card;
}

std::string Printable(std::string_view text, bool lines) {
  std::string result;
  while (!text.empty()) {
    const std::size_t bytes = Utf8CharacterBytes(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(bytes, 1));
    const bool line_break = lines && character == "\n";
    if (bytes > 0 && (line_break || !IsControlCharacter(character))) {
      result += character;
    } else {
      for (const char c : character) {
        result += absl::StrFormat("\\x%02x", static_cast<unsigned char>(c));
      }
    }
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace lethe::cli
