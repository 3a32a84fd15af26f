#include "base/text/yaml_map.h"

#include <algorithm>
#include <set>

#include "base/status_macros.h"

namespace lethe {
namespace {

using Kind = YamlNode::Kind;

std::string Joined(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

}  // namespace

std::vector<const YamlNode*> UnknownKeys(const YamlNode& map,
                                         std::span<const std::string_view> known) {
  std::vector<const YamlNode*> unknown;
  for (const YamlEntry& entry : map.entries) {
    if (std::ranges::find(known, entry.key.text) == known.end()) unknown.push_back(&entry.key);
  }
  return unknown;
}

absl::StatusOr<YamlMap> YamlMap::Of(const YamlNode& node, std::string_view what,
                                    std::span<const std::string_view> keys) {
  YamlMap map(node, what);
  if (node.kind != Kind::kMap) {
    return node.Error("kind", map.what_ + " must be a map of " + Joined(keys));
  }
  if (const auto unknown = UnknownKeys(node, keys); !unknown.empty()) {
    return unknown.front()->Error(
        "unknown_key",
        map.what_ + ": unknown key '" + unknown.front()->Shown() + "', there are " + Joined(keys));
  }
  return map;
}

const YamlNode& YamlMap::At(std::string_view key) const {
  const YamlNode* const value = node_->Find(key);
  return value == nullptr ? *node_ : *value;
}

absl::Status YamlMap::Wrong(std::string_view key, std::string_view rule,
                            std::string_view text) const {
  return At(key).Error(rule, what_ + "." + std::string(key) + " " + std::string(text));
}

absl::StatusOr<std::string> YamlMap::Text(std::string_view key) const {
  LETHE_ASSIGN(std::optional<std::string> text, OptionalText(key));
  if (!text.has_value()) return Wrong(key, "required", "is missing");
  return *std::move(text);
}

absl::StatusOr<std::optional<std::string>> YamlMap::OptionalText(std::string_view key) const {
  if (!Has(key)) return std::optional<std::string>();
  const YamlNode& value = At(key);
  if (value.text.empty()) return Wrong(key, "kind", "must be a text that is not empty");
  return std::optional<std::string>(value.text);
}

absl::StatusOr<bool> YamlMap::Flag(std::string_view key, bool otherwise) const {
  if (!Has(key)) return otherwise;
  const std::string& text = At(key).text;
  if (text != "true" && text != "false") return Wrong(key, "kind", "must be true or false");
  return text == "true";
}

absl::StatusOr<std::span<const YamlNode>> YamlMap::List(std::string_view key) const {
  if (!Has(key)) return std::span<const YamlNode>();
  const YamlNode& list = At(key);
  if (list.kind != Kind::kList) return Wrong(key, "kind", "must be a list");
  return std::span<const YamlNode>(list.items);
}

absl::StatusOr<std::vector<std::string>> YamlMap::Texts(std::string_view key) const {
  LETHE_ASSIGN(const std::span<const YamlNode> list, List(key));
  if (Has(key) && list.empty()) return Wrong(key, "kind", "must be a list that is not empty");
  std::vector<std::string> texts;
  std::set<std::string_view> seen;
  const std::string name = what_ + "." + std::string(key);
  for (const YamlNode& item : list) {
    if (item.text.empty()) return item.Error("kind", name + " must be a list of words");
    if (!seen.insert(item.text).second) {
      return item.Error("duplicate", name + " has the same word twice: keep one");
    }
    texts.push_back(item.text);
  }
  return texts;
}

}  // namespace lethe
