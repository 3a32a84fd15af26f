// Reading what must not stand in the command line: identifiers and data come from files or from
// standard input, because arguments are seen by every process list and kept by the shell's history.
#ifndef LETHE_CLI_INPUT_INPUT_H_
#define LETHE_CLI_INPUT_INPUT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "cli/output/console.h"

namespace lethe::cli {

// The server takes 4 MiB a request; JSON with every character escaped is six times its content.
inline constexpr std::size_t kInputBytesMax = 8u << 20;

// The whole of the file at `path`. INVALID_ARGUMENT: cannot be read, or longer than `max`.
absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t max = kInputBytesMax);

// The same, or standard input for "-".
absl::StatusOr<std::string> ReadInput(Console& console, const std::string& path,
                                      std::size_t max = kInputBytesMax);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INPUT_INPUT_H_
