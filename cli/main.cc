// lethe, the command line of the vault.
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "base/memory/process_hardening.h"
#include "cli/connect/interrupt.h"
#include "cli/run.h"

int main(int argc, char** argv) {
  // Personal data passes through here: no core dumps, no other process may look in. What could not
  // be had is the doctor's subject, not every command's.
  (void)lethe::HardenProcess();
  lethe::cli::Interrupt::Install();
  // gRPC's own log lines say less than the status that every command reports, and say it first.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  std::ios::sync_with_stdio(false);
  lethe::cli::Console console{.in = std::cin,
                              .out = std::cout,
                              .err = std::cerr,
                              .in_is_terminal = isatty(STDIN_FILENO) == 1,
                              .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                              .err_is_terminal = isatty(STDERR_FILENO) == 1};
  const lethe::cli::Environment environment = [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return value;
  };
  const lethe::SystemClock clock;
  const auto code = lethe::cli::Run({argv + 1, argv + argc}, console, environment, clock);
  return static_cast<int>(code);
}
