// How far a long piece of work is: a bar for people, a line now and then for logs.
#ifndef LETHE_CLI_OUTPUT_PROGRESS_H_
#define LETHE_CLI_OUTPUT_PROGRESS_H_

#include <cstdint>
#include <iosfwd>
#include <string>

#include "absl/time/time.h"
#include "base/clock.h"

namespace lethe::cli {

struct ProgressOptions {
  std::string noun = "lines";
  std::int64_t total = 0;  // 0: not known; then there is no bar and no time left.
  std::int64_t start = 0;  // Done by an earlier run: counts for the bar, not for the rate.
  bool terminal = false;
};

class Progress {
 public:
  // Ten times a second is as often as an eye follows.
  static constexpr absl::Duration kTerminalInterval = absl::Milliseconds(100);
  // Elsewhere every line stays for ever.
  static constexpr absl::Duration kLogInterval = absl::Seconds(10);

  Progress(ProgressOptions options, const Clock& clock, std::ostream& err);

  // Shows it if it is time to. Both count from the beginning of the work.
  void Update(std::int64_t done, std::int64_t failed);
  // A line of its own, above the bar.
  void Note(const std::string& text);
  // Shows the last state in any case, and ends the bar's line.
  void Finish();
  // What stands there now, without escape codes.
  std::string Text() const;

 private:
  void Show();

  ProgressOptions options_;
  const Clock& clock_;
  std::ostream& err_;
  absl::Duration begin_;
  absl::Duration next_;
  std::int64_t done_;
  std::int64_t failed_ = 0;
  std::size_t shown_width_ = 0;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_PROGRESS_H_
