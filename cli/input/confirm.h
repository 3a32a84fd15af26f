// Before something is destroyed: a person types the end of its name, a script names it whole.
#ifndef LETHE_CLI_INPUT_CONFIRM_H_
#define LETHE_CLI_INPUT_CONFIRM_H_

#include <string>

#include "absl/status/status.h"
#include "cli/output/console.h"

namespace lethe::cli {

// How much of a name a person types. Eight hexadecimal digits cannot be hit by habit, as "yes" can.
inline constexpr std::size_t kTypedCharacters = 8;

// OK: go on. `name` is what will be destroyed, `confirm` the value of --confirm ("" if not given).
// A mismatch of either kind is Declined; neither flag nor terminal is Usage: silence is not
// consent, and doing nothing must not look like success.
absl::Status ConfirmDestruction(Console& console, const std::string& name,
                                const std::string& confirm);
// The same before what destroys no data, but is signed and stands for good.
absl::Status ConfirmForGood(Console& console, const std::string& name, const std::string& confirm);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INPUT_CONFIRM_H_
