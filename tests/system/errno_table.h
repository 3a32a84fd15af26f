// What the errnos run goes through (errno_run.h), and how it judges.
#ifndef LETHE_TESTS_SYSTEM_ERRNO_TABLE_H_
#define LETHE_TESTS_SYSTEM_ERRNO_TABLE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/system/child_process.h"
#include "tests/system/strace.h"

namespace lethe::test {

// In which one call fails: of the running server, of a start after a killed erasure, or of the tool
// that fetches a backup and writes it.
enum class Act { kPut, kErase, kBackup, kReload, kStart, kBackupTool };

struct ErrnoRow {
  Act act;
  Calls calls;
  std::string error;
  std::string ToText() const;  // "an erase, open (EMFILE)"
};

// Every act with every kind of call that it can meet, with every error of that.
std::vector<ErrnoRow> ErrnoRows();

// The process starts in the trap, and its calls are known from a rehearsal.
bool IsStarted(Act act);

// How the server may end by itself after `trap`; `caught` is what strace wrote of it. ABORTED: not
// like this.
absl::Status JudgeErrnoEnd(const Trap& trap, const std::string& caught, const ProcessEnd& end,
                           bool was_starting);
// The same for `lethe`.
absl::Status JudgeErrnoToolEnd(const Trap& trap, const std::string& caught, const ProcessEnd& end);

// Whether what a worker blamed is that the server refused a change, and so that it is not made, for
// a reason that a failed call is.
bool IsExplainedRefusal(const std::string& fault);

// The traps of a program that starts, one for each call of its first thread, from what strace wrote
// of a start that met none. What loads its libraries is left out: a program that is not there yet
// has nothing to lose.
std::vector<Trap> TrapsAfterLoading(const std::string& output, const Trap& like);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_ERRNO_TABLE_H_
