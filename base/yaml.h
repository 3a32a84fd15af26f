// Reading YAML without forgiving anything: unknown and duplicate keys, wrong kinds and empty values
// are errors that name their line. The only place besides the parser that knows yaml-cpp.
#ifndef LETHE_BASE_YAML_H_
#define LETHE_BASE_YAML_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "yaml-cpp/yaml.h"

namespace lethe {

// INVALID_ARGUMENT: "line 12: <text>". `rule` is a word a program can compare.
absl::Status PolicyError(const YAML::Node& at, std::string_view rule, const std::string& text);

// Parses a document of one map. yaml-cpp's exceptions end here.
absl::StatusOr<YAML::Node> LoadYaml(const std::string& document);

// A map all of whose keys are known.
class StrictMap {
 public:
  // `what` names the map in messages: "category".
  static absl::StatusOr<StrictMap> Of(const YAML::Node& node, std::string_view what,
                                      std::initializer_list<std::string_view> keys);

  const YAML::Node& node() const { return node_; }
  bool Has(const char* key) const { return node_[key].IsDefined(); }
  // Defined iff Has.
  YAML::Node At(const char* key) const { return node_[key]; }

  absl::StatusOr<std::string> Text(const char* key) const;  // Required, not empty.
  absl::StatusOr<std::optional<std::string>> OptionalText(const char* key) const;
  absl::StatusOr<bool> Flag(const char* key, bool otherwise) const;  // true or false.
  // Empty where the key is absent; an empty list, an empty or a repeated element is an error.
  absl::StatusOr<std::vector<std::string>> Texts(const char* key) const;

 private:
  StrictMap(YAML::Node node, std::string_view what) : node_(std::move(node)), what_(what) {}
  std::string Say(const char* key, std::string_view text) const;

  YAML::Node node_;
  std::string what_;
};

}  // namespace lethe

#endif  // LETHE_BASE_YAML_H_
