// Messages as text: JSON, YAML, and cards for people.
#ifndef LETHE_CLI_OUTPUT_MESSAGE_TEXT_H_
#define LETHE_CLI_OUTPUT_MESSAGE_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace google::protobuf {
class Message;
}

namespace lethe::cli {

using Json = nlohmann::ordered_json;

// proto3 JSON with every scalar field present, zero or not, so that scripts need no defaults.
Json ToJson(const google::protobuf::Message& message);

// Block style; every text is quoted, since "no", "1e3" and "2026-01-01" mean other things in YAML.
std::string ToYaml(const Json& json);

// "key: value" lines, what is inside indented, what is empty left out.
std::string ToCard(const Json& json);

// `text` as a terminal may be shown it: control characters, which could move its cursor or paint
// over what stands there, and bytes that are no UTF-8 are escaped. Line breaks stay if `lines`.
std::string Printable(std::string_view text, bool lines = false);

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_MESSAGE_TEXT_H_
