#include "cli/import/import_file.h"

#include <algorithm>
#include <fstream>

#include "base/private_file.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "cli/import/line_reader.h"
#include "cli/output/failure.h"

namespace lethe::cli {

absl::StatusOr<FileFacts> Survey(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Usage("cannot open the file " + path);
  FileFacts facts;
  crypto::Sha256Stream hash;
  std::string piece(std::size_t{1} << 20, '\0');
  char last = '\n';
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    const std::string_view read(piece.data(), static_cast<std::size_t>(file.gcount()));
    hash.Add(read);
    facts.lines += std::count(read.begin(), read.end(), '\n');
    last = read.back();
  }
  if (file.bad()) return Usage("cannot read the file " + path);
  if (last != '\n') ++facts.lines;
  facts.digest = hash.Finish();
  return facts;
}

FileFacts UnknownFacts() {
  FileFacts facts;
  SystemRandom().Fill(facts.digest);
  return facts;
}

absl::Status CopyLines(const std::string& file, std::vector<std::int64_t> numbers,
                       const std::string& path) {
  std::sort(numbers.begin(), numbers.end());
  std::ifstream in(file, std::ios::binary);
  if (!in) return Usage("cannot open the file " + file);
  LETHE_ASSIGN(PrivateFile out, PrivateFile::Create(path));
  LineReader lines(in);
  Line line;
  auto next = numbers.begin();
  while (next != numbers.end() && lines.Next(line)) {
    if (line.number != *next) continue;
    ++next;
    LETHE_TRY(out.Append(line.text + "\n"));
  }
  return out.Finish();
}

}  // namespace lethe::cli
