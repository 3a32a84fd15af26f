// What lethed was started to do: its command line, environment and file, brought together.
#ifndef LETHE_SERVER_START_SERVER_TASK_H_
#define LETHE_SERVER_START_SERVER_TASK_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/start/config.h"

namespace lethe::server {

struct ServerTask {
  enum class Kind { kServe, kCheckConfig, kPrint };
  Kind kind = Kind::kServe;
  ServerConfig config;  // Checked, unless there is only something to print.
  std::string text;     // What kPrint prints.
};

// Reads an environment variable; nullopt if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// INVALID_ARGUMENT says in one sentence what is wrong and where.
absl::StatusOr<ServerTask> ReadServerTask(int argc, const char* const* argv,
                                          const Environment& environment);

// The environment of the process.
Environment ProcessEnvironment();

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_SERVER_TASK_H_
