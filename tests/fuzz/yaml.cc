// A YAML document of an operator's. What is accepted has a place for each value, no key twice, no
// more depth than is allowed and no text that the file could not hold; and what is written from it
// reads back as the same.
#include "base/text/yaml.h"

#include <set>

#include "base/text/utf8.h"
#include "base/text/yaml_tree.h"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

constexpr char kPlace[] = "fuzz:";

// In flow style, every text in quotes.
std::string Written(const YamlNode& node) {
  std::string out;
  switch (node.kind) {
    case YamlNode::Kind::kNothing:
      return "~";
    case YamlNode::Kind::kText:
      return YamlQuoted(node.text);
    case YamlNode::Kind::kList:
      for (const YamlNode& item : node.items) out += Written(item) + ", ";
      return "[" + out + "]";
    case YamlNode::Kind::kMap:
      // As an explicit key: without, YAML takes no more than 1,024 characters.
      for (const auto& [key, value] : node.entries) {
        out += "? " + Written(key) + " : " + Written(value) + ", ";
      }
      return "{" + out + "}";
  }
  return out;
}

void Check(const YamlNode& node, std::size_t depth) {
  LETHE_CHECK(depth <= kYamlDepthMax + 1);
  LETHE_CHECK(node.line >= 1 && node.column >= 1 && node.source->place == kPlace);
  LETHE_CHECK(IsUtf8(node.text) && node.text.find('\0') == std::string::npos);
  LETHE_CHECK(node.text.empty() || node.kind == YamlNode::Kind::kText);
  for (const YamlNode& item : node.items) Check(item, depth + 1);
  std::set<std::string> keys;
  for (const auto& [key, value] : node.entries) {
    LETHE_CHECK(key.kind == YamlNode::Kind::kText && keys.insert(key.text).second);
    LETHE_CHECK(node.Find(key.text) == &value);
    Check(key, depth + 1);
    Check(value, depth + 1);
  }
}

}  // namespace

LETHE_FUZZ_TARGET(yaml) {
  const auto root = ParseYaml(AsText(input), {.place = kPlace});
  if (!root.ok()) {
    LETHE_CHECK(!RuleOf(root.status()).empty());
    LETHE_CHECK(std::string(root.status().message()).starts_with(kPlace));
    return Refused(root.status());
  }
  Check(*root, 1);
  const std::string written = Written(*root);
  if (written.size() > kYamlBytesMax) return true;
  const auto again = ParseYaml(written, {.place = kPlace});
  LETHE_CHECK(again.ok());
  LETHE_CHECK(Written(*again) == written);
  return true;
}

}  // namespace lethe::fuzz
