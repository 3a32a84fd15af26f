// What happens to a process at one system call of its own: at the n-th write, sync, open … from now
// on it dies, or the call fails.
#ifndef LETHE_TESTS_SYSTEM_STRACE_H_
#define LETHE_TESTS_SYSTEM_STRACE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/child_process.h"

namespace lethe::test {

enum class Calls { kWrite, kSync, kRename, kOpen, kRead, kStat, kMap, kAccept, kRandom };
const char* NameOf(Calls calls);

enum class Effect {
  kKill,        // The process dies on entering the call.
  kFail,        // The call answers `error`, once.
  kOutOfSpace,  // This call and all further ones answer ENOSPC.
};

// The call is not carried out. Each thread counts for itself, and each system call of a kind.
struct Trap {
  static constexpr int kNeverReached = 65'535;  // The most that strace counts to.

  Calls calls = Calls::kSync;
  int nth = 1;
  Effect effect = Effect::kKill;
  std::string error = "EIO";  // As errno(3) names it.
  std::string call = {};      // That system call of the kind alone; empty: all of them.
  bool first_thread = false;  // Alone, of a program that starts in the trap.
  std::string ToText() const;
};

// What strace wrote of the calls that failed in a trap, a line each.
std::string CaughtIn(const std::string& output);

class Strace {
 public:
  // Whether strace is here and may look into the process `pid`; UNAVAILABLE says why not. Writes
  // its files into `folder`.
  static absl::Status Usable(pid_t pid, const std::string& folder);

  // What of a process is looked at; of what is empty here, all.
  struct Scope {
    std::vector<std::string> files;  // Only calls on one of these count.
    std::vector<pid_t> threads;
  };

  // Lays the trap in the running process `pid`; returns when it lies. `output` is strace's own.
  static absl::StatusOr<Strace> Attach(pid_t pid, const Trap& trap, const std::string& output,
                                       const Scope& scope = {});
  // What to put before a program's words so that it starts in the trap and stays our own child.
  static std::vector<std::string> Prefix(const Trap& trap, const std::string& output);

  // Lets go of a process that lives on.
  void Detach();
  // CaughtIn all that was written; for after Detach or the end of the process.
  std::string Caught() const;
  // All that was written of a process that was started with Prefix and has ended.
  static absl::StatusOr<std::string> OutputUntilEndOf(pid_t pid, const Trap& trap,
                                                      const std::string& output);

 private:
  Strace(ChildProcess process, std::string output)
      : process_(std::move(process)), output_(std::move(output)) {}
  ChildProcess process_;
  std::string output_;
};

// The files below `folder` that `pid` has open.
std::vector<std::string> OpenFilesOf(pid_t pid, const std::string& folder);
// The threads of `pid` but gRPC's own, which wake one another by writing and reading.
std::vector<pid_t> ThreadsBesideRpcOf(pid_t pid);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_STRACE_H_
