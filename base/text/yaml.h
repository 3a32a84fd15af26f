// YAML as operators write it, read without forgiving anything. A text that two readers could take
// in two ways is refused: it is one document in UTF-8, no map has a key twice, and there are no
// anchors, aliases, tags or merge keys. The one reader of the house: yaml-cpp and its exceptions
// stay in yaml.cc.
#ifndef LETHE_BASE_TEXT_YAML_H_
#define LETHE_BASE_TEXT_YAML_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/text/yaml_node.h"

namespace lethe {

inline constexpr std::size_t kYamlBytesMax = 1u << 20;  // No configuration or policy comes near it.

// The root of the document; of a text that is blank or all comments, kNothing. An error begins with
// its place, "lethed.yaml:3:5: ", and ends with what to do.
absl::StatusOr<YamlNode> ParseYaml(std::string_view text, YamlSource source);

// `text` between double quotes, on one line, as every reader of YAML takes it for a text; what a
// terminal would obey is escaped.
std::string YamlQuoted(std::string_view text);

}  // namespace lethe

#endif  // LETHE_BASE_TEXT_YAML_H_
