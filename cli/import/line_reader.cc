#include "cli/import/line_reader.h"

namespace lethe::cli {

bool LineReader::Next(Line& line) {
  line = Line{.number = number_ + 1};
  std::streambuf& buffer = *in_.rdbuf();
  constexpr auto kEnd = std::istream::traits_type::eof();
  int next = buffer.sbumpc();
  if (next == kEnd) return false;
  ++number_;
  for (; next != kEnd && next != '\n'; next = buffer.sbumpc()) {
    if (line.text.size() < kLineBytesMax) {
      line.text.push_back(static_cast<char>(next));
    } else {
      line.too_long = true;
    }
  }
  line.ended = next != kEnd;
  if (line.text.ends_with('\r')) line.text.pop_back();
  return true;
}

}  // namespace lethe::cli
