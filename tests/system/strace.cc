#include "tests/system/strace.h"

#include <csignal>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

constexpr absl::Duration kAttachLimit = absl::Seconds(20);
constexpr int kNeverReached = 65'535;  // The most that strace counts to.
constexpr absl::Duration kDetachLimit = absl::Seconds(20);

const char* SetOf(const Trap& trap) {
  switch (trap.calls) {
    case Calls::kWrite:
      // A full disk does not meet what is overwritten in place: the slots of a holder.
      return trap.effect == Effect::kOutOfSpace
                 ? "write,writev,ftruncate,fallocate"
                 : "write,pwrite64,writev,pwritev,pwritev2,ftruncate,fallocate";
    case Calls::kSync:
      // sync_file_range promises nothing; Debian's RocksDB, whose assertions are on, asserts that
      // it does not fail when it tries it out on each file.
      return trap.effect == Effect::kKill ? "fsync,fdatasync,sync_file_range,msync,syncfs"
                                          : "fsync,fdatasync,msync,syncfs";
    case Calls::kRename:
      return "rename,renameat,renameat2,unlink,unlinkat,link,linkat";
  }
  return "";
}

std::string InjectionOf(const Trap& trap) {
  switch (trap.effect) {
    case Effect::kKill:
      return absl::StrFormat("signal=KILL:when=%d", trap.nth);
    case Effect::kFail:
      return absl::StrFormat("error=EIO:when=%d", trap.nth);
    case Effect::kOutOfSpace:
      return absl::StrFormat("error=ENOSPC:when=%d+", trap.nth);
  }
  return "";
}

std::vector<std::string> WordsFor(const Trap& trap, const std::string& output) {
  const std::string set = SetOf(trap);
  return {
      "-f", "-o", output, "-e", "trace=" + set, "-e", "inject=" + set + ":" + InjectionOf(trap)};
}

// strace says so on its error output, once all threads are held.
bool SaysAttached(const std::string& text) { return text.find("attached") != std::string::npos; }

bool SaysInjected(const std::string& text) { return text.find("(INJECTED)") != std::string::npos; }

}  // namespace

const char* NameOf(Calls calls) {
  return calls == Calls::kWrite ? "write" : calls == Calls::kSync ? "sync" : "rename";
}

std::string Trap::ToText() const {
  const char* const what = effect == Effect::kKill   ? "killed"
                           : effect == Effect::kFail ? "EIO"
                                                     : "ENOSPC";
  return absl::StrFormat("%s %d (%s)", NameOf(calls), nth, what);
}

std::vector<std::string> Strace::Prefix(const Trap& trap, const std::string& output) {
  std::vector<std::string> argv = {"strace", "-D"};
  for (std::string& word : WordsFor(trap, output)) argv.push_back(std::move(word));
  return argv;
}

absl::StatusOr<Strace> Strace::Attach(pid_t pid, const Trap& trap, const std::string& output,
                                      const std::vector<std::string>& files) {
  std::vector<std::string> argv = {"strace", "-p", std::to_string(pid)};
  for (std::string& word : WordsFor(trap, output)) argv.push_back(std::move(word));
  for (const std::string& file : files) argv.insert(argv.end(), {"-P", file});
  const std::string said = output + ".said";
  LETHE_ASSIGN(ChildProcess process, ChildProcess::Start(argv, said));
  LETHE_TRY(WaitForFile(said, process.pidfd(), kAttachLimit, SaysAttached).status());
  return Strace(std::move(process), output);
}

void Strace::Detach() {
  process_.Signal(SIGINT);
  (void)process_.Wait(kDetachLimit);
}

bool Strace::Sprung() const { return SaysInjected(ReadFile(output_)); }

absl::StatusOr<bool> Strace::SprungUntilEndOf(pid_t pid, const std::string& output) {
  // It is nobody's child, and writes a little longer than the process lives.
  const std::string last_words = absl::StrFormat("%-5d +++ ", pid);
  LETHE_ASSIGN(const std::string text,
               WaitForFile(output, kNoProcess, kDetachLimit, [&](const std::string& said) {
                 return said.find(last_words) != std::string::npos;
               }));
  return SaysInjected(text);
}

std::vector<std::string> OpenFilesOf(pid_t pid, const std::string& folder) {
  std::set<std::string> files;
  std::error_code error;  // A descriptor may be closed while we look.
  for (const auto& entry :
       std::filesystem::directory_iterator(absl::StrFormat("/proc/%d/fd", pid), error)) {
    const std::string file = std::filesystem::read_symlink(entry.path(), error).string();
    if (!error && file.starts_with(folder + "/")) files.insert(file);
  }
  return {files.begin(), files.end()};
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
