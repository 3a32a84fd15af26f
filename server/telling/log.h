// The server's log: one JSON object a line, on stderr.
//
// A line says what was called, how it ended and how long it took. It never holds a resource name,
// an identifier, a value, a key or metadata of a call: whoever reads logs is not entitled to
// people.
#ifndef LETHE_SERVER_TELLING_LOG_H_
#define LETHE_SERVER_TELLING_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "absl/time/time.h"

namespace spdlog {
class logger;
namespace sinks {
class sink;
}
}  // namespace spdlog

namespace lethe::server {

enum class Level { kDebug, kInfo, kWarn, kError };

struct LogField {
  std::string_view key;  // snake_case
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

// Thread-safe.
class Log {
 public:
  // Lines below `level` ("debug", "info", "warn", "error") are left out. Writes to stderr.
  explicit Log(std::string_view level);
  Log(std::string_view level, std::shared_ptr<spdlog::sinks::sink> sink);
  ~Log();

  // Of errors that are alike so many are written: whoever was told of one must find its line.
  static constexpr int kFirstErrors = 100;

  // {"time":…,"level":…,"event":`event`, fields…}
  void Write(Level level, std::string_view event, std::initializer_list<LogField> fields) const;

  // The same for lines that may come in floods, such as refusals: of those that are alike (event,
  // `about`, `who`) the first few are written, with the fields of `one` behind, the others counted
  // (line_limit.h). `who` is not written. Whether the line was.
  bool WriteLimited(Level level, std::string_view event, std::string_view who,
                    std::initializer_list<LogField> about,
                    std::initializer_list<LogField> one) const;
  // Writes what is due of that: a line with `about` and "more", how many were left out. To be
  // called once a second.
  void WriteLeftOut() const;
  // Writes all of it, due or not: at the end, before the last line. Once more when the log dies.
  void WriteAllLeftOut() const;

  // Sends what gRPC and protobuf log themselves through `log`, as events that name the place and,
  // at level debug only, the text: their texts quote metadata and addresses. Until `log` dies.
  static void TakeOverLibraries(const Log& log);

 private:
  struct Flood;  // What is counted.

  void WriteLine(Level level, std::string_view event, std::string_view fields) const;
  void WriteLeftOutUntil(absl::Duration now) const;

  std::shared_ptr<spdlog::logger> logger_;
  std::unique_ptr<Flood> flood_;
};

// `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string JsonString(std::string_view text);

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_LOG_H_
