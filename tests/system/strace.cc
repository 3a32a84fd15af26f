#include "tests/system/strace.h"

#include <unistd.h>

#include <csignal>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

constexpr absl::Duration kAttachLimit = absl::Seconds(20);
constexpr int kNeverReached = 65'535;  // The most that strace counts to.
constexpr absl::Duration kDetachLimit = absl::Seconds(20);

const char* SetOf(Calls calls) {
  switch (calls) {
    case Calls::kWrite:
      return "write,pwrite64,writev,pwritev,pwritev2,ftruncate,fallocate";
    case Calls::kSync:
      return "fsync,fdatasync,sync_file_range,msync,syncfs";
    case Calls::kRename:
      return "rename,renameat,renameat2,unlink,unlinkat,link,linkat";
  }
  return "";
}

// strace says so on its error output, once all threads are held.
bool SaysAttached(const std::string& text) { return text.find("attached") != std::string::npos; }

}  // namespace

const char* NameOf(Calls calls) {
  return calls == Calls::kWrite ? "write" : calls == Calls::kSync ? "sync" : "rename";
}

std::string Trap::ToText() const { return absl::StrFormat("%s %d", NameOf(calls), nth); }

std::vector<std::string> Strace::Prefix(const Trap& trap, const std::string& output) {
  const std::string set = SetOf(trap.calls);
  return {"strace",       "-D",   "-f",
          "-o",           output, "-e",
          "trace=" + set, "-e",   absl::StrFormat("inject=%s:signal=KILL:when=%d", set, trap.nth)};
}

absl::StatusOr<Strace> Strace::Attach(pid_t pid, const Trap& trap, const std::string& output) {
  const std::string set = SetOf(trap.calls);
  const std::string said = output + ".said";
  LETHE_ASSIGN(ChildProcess process,
               ChildProcess::Start({"strace", "-f", "-o", output, "-e", "trace=" + set, "-e",
                                    absl::StrFormat("inject=%s:signal=KILL:when=%d", set, trap.nth),
                                    "-p", std::to_string(pid)},
                                   said));
  LETHE_TRY(WaitForFile(said, process.pidfd(), kAttachLimit, SaysAttached).status());
  return Strace(std::move(process));
}

void Strace::Detach() {
  process_.Signal(SIGINT);
  (void)process_.Wait(kDetachLimit);
}

absl::Status Strace::Usable(pid_t pid, const std::string& folder) {
  const auto found = Run({"strace", "-V"}, folder + "/strace-version.log", kAttachLimit);
  if (!found.ok() || found->code != 0) return absl::UnavailableError("strace is not installed");
  auto attached = Attach(pid, {Calls::kSync, kNeverReached}, folder + "/strace-try.log");
  if (!attached.ok()) return absl::UnavailableError("strace may not attach to a process here");
  attached->Detach();
  return absl::OkStatus();
}

}  // namespace lethe::test
