// Runs the client as a process would, without one: own input, output, environment and clock.
#ifndef LETHE_TESTS_CLI_SUPPORT_CLI_RUNNER_H_
#define LETHE_TESTS_CLI_SUPPORT_CLI_RUNNER_H_

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/run.h"
#include "tests/support/temp_dir.h"

namespace lethe::test {

struct CliResult {
  cli::ExitCode code;
  std::string out;
  std::string err;
};

class CliRunner {
 public:
  CliRunner() { environment["LETHE_CONTEXTS"] = folder / "contexts.yaml"; }

  CliResult operator()(const std::vector<std::string>& arguments, const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out, err;
    cli::Console console{.in = in, .out = out, .err = err, .in_is_terminal = in_is_terminal};
    const cli::Environment lookup = [this](const char* name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      if (found == environment.end()) return std::nullopt;
      return found->second;
    };
    const auto code = cli::Run(arguments, console, lookup, clock);
    return {code, out.str(), err.str()};
  }

  // A file of the folder with this content.
  std::string File(const std::string& name, const std::string& content);

  TempDir folder;
  std::map<std::string, std::string> environment;
  SystemClock clock;
  bool in_is_terminal = false;
};

std::string ReadFile(const std::string& path);
bool FileExists(const std::string& path);
unsigned ModeOf(const std::string& path);

}  // namespace lethe::test

#endif  // LETHE_TESTS_CLI_SUPPORT_CLI_RUNNER_H_
