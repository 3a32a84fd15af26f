#include "cli/input/input.h"

#include <fstream>
#include <istream>

#include "base/status_macros.h"
#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

absl::StatusOr<std::string> ReadAll(std::istream& in, std::size_t max) {
  std::string text(max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return Usage("the input cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > max) return Usage("the input is too large");
  return text;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t max) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Usage("cannot open the file " + path);
  return ReadAll(file, max);
}

absl::StatusOr<std::string> ReadInput(Console& console, const std::string& path, std::size_t max) {
  return path == "-" ? ReadAll(console.in, max) : ReadFile(path, max);
}

}  // namespace lethe::cli
