// Where a command reads and writes. Data goes to `out`, everything else to `err`, so that a pipe
// carries data only. Handed in, so that a test can be a terminal.
#ifndef LETHE_CLI_OUTPUT_CONSOLE_H_
#define LETHE_CLI_OUTPUT_CONSOLE_H_

#include <iosfwd>

namespace lethe::cli {

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_CONSOLE_H_
