// Cuts the lines of an import into chunks of the size that the server takes fastest.
#ifndef LETHE_CLI_IMPORT_CHUNK_BUILDER_H_
#define LETHE_CLI_IMPORT_CHUNK_BUILDER_H_

#include <functional>
#include <optional>
#include <string>

#include "cli/import/import_line.h"
#include "cli/import/line_reader.h"
#include "crypto/hash.h"
#include "lethe/v1/vault_service.pb.h"

namespace lethe::cli {

// One line's failure, found here or by the server: field and rule, never a value.
struct LineFailure {
  std::int64_t line = 0;
  std::string reason;
  std::string field;
  std::string rule;

  std::string ToString() const;
};

class ChunkBuilder {
 public:
  // What the server's ImportRecordsRequest advises; its limits are 1,000 lines and 4 MiB.
  static constexpr int kLinesMax = 256;
  static constexpr std::size_t kBytesMax = 1u << 20;

  struct Options {
    std::string tenant_name;
    std::string purpose;
    crypto::Digest file{};          // Request ids are drawn from it.
    std::int64_t skip_through = 0;  // Lines up to here are read and not sent.
  };

  // `on_failure` hears of lines that cannot be sent.
  ChunkBuilder(LineReader& lines, Options options,
               std::function<void(const LineFailure&)> on_failure);

  // The next chunk; nullopt at the end of the file.
  std::optional<v1::ImportRecordsRequest> Next();

 private:
  // False: the line is blank, skipped or faulty.
  bool Read(const Line& line, v1::ImportItem& item);

  LineReader& lines_;
  Options options_;
  std::function<void(const LineFailure&)> on_failure_;
  std::optional<v1::ImportItem> held_back_;  // It did not fit into the chunk before.
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_IMPORT_CHUNK_BUILDER_H_
