#include "base/text/text_file.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_format.h"

namespace lethe {

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  // Asked first: to open a pipe would wait for its writer.
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(path, error);
  std::ifstream in;
  if (is_file) in.open(path, std::ios::binary);
  if (!is_file || !in) {
    return absl::InvalidArgumentError(absl::StrFormat("%s cannot be read", path));
  }
  std::string text(kTextFileBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return absl::InvalidArgumentError(absl::StrFormat("%s cannot be read", path));
  if (text.size() > kTextFileBytesMax) {
    return absl::InvalidArgumentError(absl::StrFormat("%s is larger than 1 MiB", path));
  }
  return text;
}

absl::Status WriteTextFile(const std::string& path, const std::string& text) {
  const std::string partial = path + ".partial";
  {
    std::ofstream out(partial, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) return absl::InvalidArgumentError(absl::StrFormat("%s cannot be written", path));
  }
  if (std::rename(partial.c_str(), path.c_str()) != 0) {
    return absl::InvalidArgumentError(absl::StrFormat("%s cannot be written", path));
  }
  return absl::OkStatus();
}

}  // namespace lethe
