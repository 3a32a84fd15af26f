#include "tests/system/server_process.h"

#include <csignal>
#include <filesystem>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

constexpr std::size_t kLogTailBytes = 2000;

// The port file has one line a port, each ended by a line break.
bool HasPort(const std::string& text) { return text.find('\n') != std::string::npos; }

std::string TailOf(const std::string& path) {
  const std::string text = ReadFile(path);
  return text.size() <= kLogTailBytes ? text : text.substr(text.size() - kLogTailBytes);
}

}  // namespace

std::string ServerProcess::log() const {
  return absl::StrFormat("%s/lethed-%04d.log", folder_.logs(), starts_);
}

absl::Status ServerProcess::Launch(const ServerOptions& options) {
  std::filesystem::remove(folder_.port_file());
  ++starts_;
  std::vector<std::string> argv = options.prefix;
  const std::vector<std::string> own = {LETHE_SERVER_PATH,  "--config",    folder_.config(),
                                        "--listen",         "127.0.0.1:0", "--port-file",
                                        folder_.port_file()};
  argv.insert(argv.end(), own.begin(), own.end());
  argv.insert(argv.end(), options.flags.begin(), options.flags.end());
  LETHE_ASSIGN(auto process, ChildProcess::Start(argv, log()));
  process_ = std::move(process);
  return absl::OkStatus();
}

absl::Status ServerProcess::WaitUntilUp() {
  const auto ports = WaitForFile(folder_.port_file(), process_->pidfd(), kStartLimit, HasPort);
  if (!ports.ok()) {
    return absl::Status(ports.status().code(), std::string(ports.status().message()) +
                                                   "; its log ends:\n" + TailOf(log()));
  }
  address_ = "127.0.0.1:" + ports->substr(0, ports->find('\n'));
  return absl::OkStatus();
}

absl::Status ServerProcess::Start(const ServerOptions& options) {
  LETHE_TRY(Launch(options));
  return WaitUntilUp();
}

absl::Status ServerProcess::Kill() {
  if (!process_.has_value()) return absl::OkStatus();
  process_->Signal(SIGKILL);  // Does nothing to what has ended already.
  LETHE_ASSIGN(const ProcessEnd end, WaitForEnd(kStopLimit));
  if (end.signal == SIGKILL) return absl::OkStatus();
  return absl::AbortedError("the server ended before it was killed, with " + ToText(end) +
                            "; its log ends:\n" + TailOf(log()));
}

absl::StatusOr<ProcessEnd> ServerProcess::Stop() {
  process_->Signal(SIGTERM);
  return WaitForEnd(kStopLimit);
}

absl::StatusOr<ProcessEnd> ServerProcess::WaitForEnd(absl::Duration limit) {
  LETHE_ASSIGN(const ProcessEnd end, process_->Wait(limit));
  process_.reset();
  return end;
}

}  // namespace lethe::test
