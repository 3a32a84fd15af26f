// One run of the client, from its arguments to its exit code.
#ifndef LETHE_CLI_RUN_H_
#define LETHE_CLI_RUN_H_

#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/connect/contexts.h"
#include "cli/output/console.h"
#include "cli/output/exit_code.h"

namespace lethe::cli {

// `arguments` without the program's name.
ExitCode Run(const std::vector<std::string>& arguments, Console& console,
             const Environment& environment, const Clock& clock);

}  // namespace lethe::cli

#endif  // LETHE_CLI_RUN_H_
