// What happens to a process at one system call of its own: at the n-th write, sync or rename from
// now on it dies, or the call fails.
#ifndef LETHE_TESTS_SYSTEM_STRACE_H_
#define LETHE_TESTS_SYSTEM_STRACE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/child_process.h"

namespace lethe::test {

enum class Calls { kWrite, kSync, kRename };
const char* NameOf(Calls calls);

enum class Effect {
  kKill,        // The process dies on entering the call.
  kFail,        // The call answers EIO, once.
  kOutOfSpace,  // This call and all further ones answer ENOSPC.
};

// The call is not carried out. Each thread counts for itself.
struct Trap {
  Calls calls = Calls::kSync;
  int nth = 1;
  Effect effect = Effect::kKill;
  std::string ToText() const;
};

class Strace {
 public:
  // Whether strace is here and may look into the process `pid`; UNAVAILABLE says why not. Writes
  // its files into `folder`.
  static absl::Status Usable(pid_t pid, const std::string& folder);

  // Lays the trap in the running process `pid`; returns when it lies. `output` is strace's own.
  // Only calls on one of `files` count, or all where there are none.
  static absl::StatusOr<Strace> Attach(pid_t pid, const Trap& trap, const std::string& output,
                                       const std::vector<std::string>& files = {});
  // What to put before a program's words so that it starts in the trap and stays our own child.
  static std::vector<std::string> Prefix(const Trap& trap, const std::string& output);

  // Lets go of a process that lives on.
  void Detach();
  // Whether a call failed in the trap; for after Detach or the end of the process.
  bool Sprung() const;
  // The same for a process that was started with Prefix and has ended.
  static absl::StatusOr<bool> SprungUntilEndOf(pid_t pid, const std::string& output);

 private:
  Strace(ChildProcess process, std::string output)
      : process_(std::move(process)), output_(std::move(output)) {}
  ChildProcess process_;
  std::string output_;
};

// The files below `folder` that `pid` has open.
std::vector<std::string> OpenFilesOf(pid_t pid, const std::string& folder);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_STRACE_H_
