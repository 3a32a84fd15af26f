// A ChildProcess is one program that a test started. Its output goes to a file, it dies with the
// test whatever happens to the test, and its end is waited for, never guessed.
#ifndef LETHE_TESTS_SYSTEM_CHILD_PROCESS_H_
#define LETHE_TESTS_SYSTEM_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace lethe::test {

// How a process ended: by itself with `code`, or by `signal`.
struct ProcessEnd {
  int code = -1;
  int signal = 0;
};
std::string ToText(const ProcessEnd& end);

// For one thread: the one that starts a process must outlive it, since the kernel kills the process
// when that thread ends.
class ChildProcess {
 public:
  // `argv[0]` is the path of the program, or a name to be found in PATH. Output and errors are
  // appended to `output`; standard input is empty.
  static absl::StatusOr<ChildProcess> Start(const std::vector<std::string>& argv,
                                            const std::string& output);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();  // Kills and reaps it.

  pid_t pid() const { return pid_; }
  // Becomes readable when the process has ended.
  int pidfd() const { return pidfd_; }

  void Signal(int signal) const;
  // Returns how it ended, and again when asked again. DEADLINE_EXCEEDED: it still runs.
  absl::StatusOr<ProcessEnd> Wait(absl::Duration limit);

 private:
  ChildProcess(pid_t pid, int pidfd) : pid_(pid), pidfd_(pidfd) {}
  void End();

  pid_t pid_ = -1;
  int pidfd_ = -1;
  bool ended_ = false;
  ProcessEnd end_;
};

// Runs a program to its end. DEADLINE_EXCEEDED: it was killed after `limit`.
absl::StatusOr<ProcessEnd> Run(const std::vector<std::string>& argv, const std::string& output,
                               absl::Duration limit);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_CHILD_PROCESS_H_
