// Killing a process at one system call of its own: the n-th write, sync or rename from now on.
#ifndef LETHE_TESTS_SYSTEM_STRACE_H_
#define LETHE_TESTS_SYSTEM_STRACE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/child_process.h"

namespace lethe::test {

enum class Calls { kWrite, kSync, kRename };
const char* NameOf(Calls calls);

// The process dies on entering the call, which is then not carried out. Each thread counts for
// itself.
struct Trap {
  Calls calls = Calls::kSync;
  int nth = 1;
  std::string ToText() const;
};

class Strace {
 public:
  // Whether strace is here and may look into the process `pid`; UNAVAILABLE says why not. Writes
  // its files into `folder`.
  static absl::Status Usable(pid_t pid, const std::string& folder);

  // Lays the trap in the running process `pid`; returns when it lies. `output` is strace's own.
  static absl::StatusOr<Strace> Attach(pid_t pid, const Trap& trap, const std::string& output);
  // What to put before a program's words so that it starts in the trap and stays our own child.
  static std::vector<std::string> Prefix(const Trap& trap, const std::string& output);

  // Lets go of a process that did not step into it.
  void Detach();

 private:
  explicit Strace(ChildProcess process) : process_(std::move(process)) {}
  ChildProcess process_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_STRACE_H_
