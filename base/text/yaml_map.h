// Reading a map of which every key is known.
#ifndef LETHE_BASE_TEXT_YAML_MAP_H_
#define LETHE_BASE_TEXT_YAML_MAP_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/text/yaml_node.h"

namespace lethe {

// The keys of `map` that are not among `known`, in the order of the file.
std::vector<const YamlNode*> UnknownKeys(const YamlNode& map,
                                         std::span<const std::string_view> known);

// A YamlMap looks at a node that outlives it. Its errors name the key as "category.name".
class YamlMap {
 public:
  // `what` names the map in messages: "category". INVALID_ARGUMENT: no map, or a key that is not
  // among `keys`.
  static absl::StatusOr<YamlMap> Of(const YamlNode& node, std::string_view what,
                                    std::span<const std::string_view> keys);
  static absl::StatusOr<YamlMap> Of(const YamlNode& node, std::string_view what,
                                    std::initializer_list<std::string_view> keys) {
    return Of(node, what, std::span(keys.begin(), keys.size()));
  }

  const YamlNode& node() const { return *node_; }
  bool Has(std::string_view key) const { return node_->Find(key) != nullptr; }
  // The value; where there is none the map, which is then the place to blame.
  const YamlNode& At(std::string_view key) const;

  absl::StatusOr<std::string> Text(std::string_view key) const;  // Required, not empty.
  absl::StatusOr<std::optional<std::string>> OptionalText(std::string_view key) const;
  absl::StatusOr<bool> Flag(std::string_view key, bool otherwise) const;  // true or false.
  // Empty where the key is absent.
  absl::StatusOr<std::span<const YamlNode>> List(std::string_view key) const;
  // The same, of texts; an empty list, an empty or a repeated element is an error.
  absl::StatusOr<std::vector<std::string>> Texts(std::string_view key) const;

 private:
  YamlMap(const YamlNode& node, std::string_view what) : node_(&node), what_(what) {}
  // INVALID_ARGUMENT at the key's value: "category.name must be a text".
  absl::Status Wrong(std::string_view key, std::string_view rule, std::string_view text) const;

  const YamlNode* node_;
  std::string what_;
};

}  // namespace lethe

#endif  // LETHE_BASE_TEXT_YAML_MAP_H_
