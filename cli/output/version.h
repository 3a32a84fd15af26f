// The version of this build, from the project's one declaration of it.
#ifndef LETHE_CLI_OUTPUT_VERSION_H_
#define LETHE_CLI_OUTPUT_VERSION_H_

namespace lethe::cli {

inline constexpr char kVersion[] = LETHE_CLI_VERSION;

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_VERSION_H_
