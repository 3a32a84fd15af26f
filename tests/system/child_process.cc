#include "tests/system/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"

namespace lethe::test {
namespace {

constexpr int kCannotExec = 127;  // As a shell ends when there is no such program.

// Between fork and exec only what is safe after a signal may be called: other threads' locks may be
// held for ever.
[[noreturn]] void BecomeProgram(char* const* argv, int output, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kCannotExec);
  const int input = open("/dev/null", O_RDONLY);
  if (input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) {
    _exit(kCannotExec);
  }
  execvp(argv[0], argv);
  _exit(kCannotExec);
}

}  // namespace

std::string ToText(const ProcessEnd& end) {
  if (end.signal != 0) return absl::StrFormat("signal %d", end.signal);
  return absl::StrFormat("exit code %d", end.code);
}

absl::StatusOr<ChildProcess> ChildProcess::Start(const std::vector<std::string>& argv,
                                                 const std::string& output) {
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (out < 0) return absl::InternalError("cannot open " + output);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) BecomeProgram(words.data(), out, parent);
  close(out);
  if (pid < 0) return absl::InternalError("cannot fork");
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return absl::InternalError("no pidfd");
  }
  return ChildProcess(pid, pidfd);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::exchange(other.pidfd_, -1)),
      ended_(other.ended_),
      end_(other.end_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this == &other) return *this;
  End();
  pid_ = std::exchange(other.pid_, -1);
  pidfd_ = std::exchange(other.pidfd_, -1);
  ended_ = other.ended_;
  end_ = other.end_;
  return *this;
}

ChildProcess::~ChildProcess() { End(); }

void ChildProcess::End() {
  if (pid_ < 0) return;
  if (!ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(pidfd_);
  pid_ = -1;
}

void ChildProcess::Signal(int signal) const {
  if (!ended_) kill(pid_, signal);
}

absl::StatusOr<ProcessEnd> ChildProcess::Wait(absl::Duration limit) {
  if (ended_) return end_;
  pollfd wait = {.fd = pidfd_, .events = POLLIN, .revents = 0};
  if (poll(&wait, 1, static_cast<int>(absl::ToInt64Milliseconds(limit))) != 1) {
    return absl::DeadlineExceededError("the process still runs");
  }
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) return absl::InternalError("the process was reaped");
  ended_ = true;
  if (WIFEXITED(status)) end_.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end_.signal = WTERMSIG(status);
  return end_;
}

absl::StatusOr<ProcessEnd> Run(const std::vector<std::string>& argv, const std::string& output,
                               absl::Duration limit) {
  LETHE_ASSIGN(ChildProcess child, ChildProcess::Start(argv, output));
  return child.Wait(limit);
}

}  // namespace lethe::test
