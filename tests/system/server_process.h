// A ServerProcess runs the real lethed on a VaultFolder: starts it, kills it, starts it again.
#ifndef LETHE_TESTS_SYSTEM_SERVER_PROCESS_H_
#define LETHE_TESTS_SYSTEM_SERVER_PROCESS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/system/child_process.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {

struct ServerOptions {
  std::vector<std::string> flags;   // Beside those every server of these tests gets.
  std::vector<std::string> prefix;  // A program that runs the server, e.g. strace.
};

// For the thread that made it (child_process.h).
class ServerProcess {
 public:
  // A start recovers what a crash cut off: seconds at worst on a busy machine.
  static constexpr absl::Duration kStartLimit = absl::Seconds(30);
  static constexpr absl::Duration kStopLimit = absl::Seconds(20);

  explicit ServerProcess(const VaultFolder& folder) : folder_(folder) {}

  // Starts the process and returns at once.
  absl::Status Launch(const ServerOptions& options = {});
  // Until it accepts calls. ABORTED: it ended before; the message has the end of its log.
  absl::Status WaitUntilUp();
  absl::Status Start(const ServerOptions& options = {});

  // kill -9; returns when the process is gone. ABORTED: it had ended before, by its own or by
  // somebody else's doing; the message has the end of its log.
  absl::Status Kill();
  // SIGTERM, and the exit code: 0 if all was well.
  absl::StatusOr<ProcessEnd> Stop();
  // Gone by its own or by somebody else's doing within `limit`.
  absl::StatusOr<ProcessEnd> WaitForEnd(absl::Duration limit);

  bool running() const { return process_.has_value(); }
  const ChildProcess& process() const { return *process_; }  // Only if running.
  pid_t pid() const { return process_->pid(); }
  int pidfd() const { return process_->pidfd(); }
  const std::string& address() const { return address_; }  // Of the last start: 127.0.0.1:port
  std::string log() const;                                 // File of the last start.
  int starts() const { return starts_; }

 private:
  const VaultFolder& folder_;
  std::optional<ChildProcess> process_;
  std::string address_;
  int starts_ = 0;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_SERVER_PROCESS_H_
