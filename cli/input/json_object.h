// One JSON object whose members keep their bytes.
//
// What goes into the vault should be what stands in the file: parsing and printing again would
// round numbers and drop duplicate keys without a word. So the members of the outermost object are
// cut out as they stand, and the vault checks what is inside.
#ifndef LETHE_CLI_INPUT_JSON_OBJECT_H_
#define LETHE_CLI_INPUT_JSON_OBJECT_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace lethe::cli {

using JsonMembers = std::map<std::string, std::string_view>;

// The members of `text`, each with the bytes of its value within `text`. INVALID_ARGUMENT says
// whether it is not JSON, no object, a key stands twice, or a number is beyond what the vault
// takes.
absl::StatusOr<JsonMembers> MembersOf(std::string_view text);
// The elements of an array, likewise.
absl::StatusOr<std::vector<std::string_view>> ElementsOf(std::string_view text);
// The text that a JSON string stands for. INVALID_ARGUMENT: it is none.
absl::StatusOr<std::string> StringOf(std::string_view json);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INPUT_JSON_OBJECT_H_
