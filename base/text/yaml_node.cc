#include "base/text/yaml_node.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/reason.h"

namespace lethe {
namespace {

constexpr std::size_t kShownBytesMax = 32;  // No key of ours is as long.

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  const auto found = std::ranges::find(
      entries, key, [](const YamlEntry& entry) { return std::string_view(entry.key.text); });
  return found == entries.end() ? nullptr : &found->value;
}

std::string YamlNode::Shown() const {
  std::string shown = text.substr(0, kShownBytesMax);
  std::ranges::replace_if(
      shown, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return shown;
}

absl::Status YamlNode::Error(std::string_view rule, std::string_view what) const {
  const std::string message =
      absl::StrFormat("%s%d:%d: %s", source->place, line, column, std::string(what));
  return Refuse(Reason::kFieldInvalid, message, source->field, rule);
}

}  // namespace lethe
