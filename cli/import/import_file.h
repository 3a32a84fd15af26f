// The file that is imported: its lines, and what is known of it before the first is sent.
#ifndef LETHE_CLI_IMPORT_IMPORT_FILE_H_
#define LETHE_CLI_IMPORT_IMPORT_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/hash.h"

namespace lethe::cli {

struct FileFacts {
  crypto::Digest digest;
  std::int64_t lines = 0;
};

// Reads the whole file once.
absl::StatusOr<FileFacts> Survey(const std::string& path);
// Of standard input, which is read only once: a digest of its own for every run.
FileFacts UnknownFacts();

// Copies the lines with these numbers from `file` into `path` (mode 0600), in their order.
absl::Status CopyLines(const std::string& file, std::vector<std::int64_t> numbers,
                       const std::string& path);

}  // namespace lethe::cli

#endif  // LETHE_CLI_IMPORT_IMPORT_FILE_H_
