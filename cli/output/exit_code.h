// What the process ends with; scripts branch on these (docs/cli.md).
#ifndef LETHE_CLI_OUTPUT_EXIT_CODE_H_
#define LETHE_CLI_OUTPUT_EXIT_CODE_H_

namespace lethe::cli {

enum class ExitCode : int {
  kOk = 0,
  kLocal = 1,     // Wrong use, or something on this machine.
  kServer = 2,    // The server refused or failed, in a way none of the others names.
  kDeclined = 3,  // The person at the terminal, or --confirm, said no; or the call was cancelled.
  kDenied = 4,    // Not authenticated, or not allowed.
  kNotFound = 5,
  kConflict = 6,  // Somebody changed it meanwhile, or it is there already.
  kPartial = 7,   // Done, but something was withheld, or some lines of an import failed.
  kInterrupted = 130,
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_EXIT_CODE_H_
