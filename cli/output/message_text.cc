#include "cli/output/message_text.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/text/utf8.h"
#include "base/text/yaml.h"

namespace lethe::cli {
namespace {

constexpr int kIndent = 2;

// Words that some readers of YAML take for something else than a text.
constexpr std::array<std::string_view, 9> kNoKeys = {"y",   "n",    "yes",   "no",  "on",
                                                     "off", "true", "false", "null"};

bool IsPlainKey(const std::string& key) {
  const auto is_word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  const auto lower = [](unsigned char c) { return static_cast<char>(std::tolower(c)); };
  std::string word = key;
  std::ranges::transform(word, word.begin(), lower);
  return !key.empty() && std::isalpha(static_cast<unsigned char>(key[0])) != 0 &&
         std::ranges::all_of(key, is_word) && std::ranges::find(kNoKeys, word) == kNoKeys.end();
}

bool IsOneLine(const Json& json) { return !json.is_structured() || json.empty(); }

std::string YamlLine(const Json& json) {
  return (json.is_string() ? YamlQuoted(json.get<std::string>()) : json.dump()) + "\n";
}

// `json` is not IsOneLine.
void AppendYaml(const Json& json, std::size_t depth, std::string& yaml) {
  const std::size_t margin = depth * kIndent;
  if (json.is_array()) {
    for (const Json& item : json) {
      std::string nested(margin + kIndent, ' ');
      if (IsOneLine(item)) {
        nested += YamlLine(item);
      } else {
        nested.clear();
        AppendYaml(item, depth + 1, nested);
      }
      // The first line of an item carries its dash.
      nested[margin] = '-';
      yaml += nested;
    }
    return;
  }
  for (const auto& [key, value] : json.items()) {
    yaml += std::string(margin, ' ') + (IsPlainKey(key) ? key : YamlQuoted(key)) + ":";
    if (IsOneLine(value)) {
      yaml += " " + YamlLine(value);
    } else {
      yaml += "\n";
      AppendYaml(value, depth + 1, yaml);
    }
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
  if (IsOneLine(json)) return YamlLine(json);
  std::string yaml;
  AppendYaml(json, 0, yaml);
  return yaml;
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
