// Reads a file line by line, with a bound on each.
#ifndef LETHE_CLI_IMPORT_LINE_READER_H_
#define LETHE_CLI_IMPORT_LINE_READER_H_

#include <cstdint>
#include <istream>
#include <string>

namespace lethe::cli {

struct Line {
  std::int64_t number = 0;  // From 1.
  std::string text;         // Without its line break; cut at kLineBytesMax.
  bool too_long = false;
  bool ended = true;  // False: the file ends here without a line break.
};

class LineReader {
 public:
  // A record has at most 1 MiB, and JSON needs at most six bytes for one of its own.
  static constexpr std::size_t kLineBytesMax = 7u << 20;

  explicit LineReader(std::istream& in) : in_(in) {}

  // False at the end. What follows a line too long is the next line, not its rest.
  bool Next(Line& line);

 private:
  std::istream& in_;
  std::int64_t number_ = 0;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_IMPORT_LINE_READER_H_
