#include "tests/system/strace.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kAttachLimit = absl::Seconds(20);
constexpr absl::Duration kDetachLimit = absl::Seconds(20);

// How the names of gRPC's threads begin.
constexpr std::array<const char*, 7> kRpcThreads = {
    "default-exec", "event_engine", "grpc", "iomgr", "nexting", "resolver", "timer_manager"};

// A full disk does not meet what is overwritten in place: the slots of a holder.
bool IsWantOfSpace(const Trap& trap) {
  if (trap.effect == Effect::kOutOfSpace) return true;
  const bool space = trap.error == "ENOSPC" || trap.error == "EDQUOT" || trap.error == "EFBIG";
  return trap.effect == Effect::kFail && space;
}

std::string SetOf(const Trap& trap) {
  if (!trap.call.empty()) return trap.call;
  switch (trap.calls) {
    case Calls::kWrite:
      return IsWantOfSpace(trap) ? "write,writev,ftruncate,fallocate"
                                 : "write,pwrite64,writev,pwritev,pwritev2,ftruncate,fallocate";
    case Calls::kSync:
      // sync_file_range promises nothing; Debian's RocksDB, whose assertions are on, asserts that
      // it does not fail when it tries it out on each file.
      return trap.effect == Effect::kKill ? "fsync,fdatasync,sync_file_range,msync,syncfs"
                                          : "fsync,fdatasync,msync,syncfs";
    case Calls::kRename:
      return "rename,renameat,renameat2,unlink,unlinkat,link,linkat";
    case Calls::kOpen:
      return "open,openat,openat2,creat,memfd_create";
    case Calls::kRead:
      return "read,pread64,readv,preadv,preadv2";
    case Calls::kStat:
      return "stat,fstat,lstat,newfstatat,statx";
    case Calls::kMap:
      return "mmap";
    case Calls::kAccept:
      return "accept,accept4";
    case Calls::kRandom:
      return "getrandom";
  }
  return "";
}

std::string InjectionOf(const Trap& trap) {
  switch (trap.effect) {
    case Effect::kKill:
      return absl::StrFormat("signal=KILL:when=%d", trap.nth);
    case Effect::kFail:
      return absl::StrFormat("error=%s:when=%d", trap.error, trap.nth);
    case Effect::kOutOfSpace:
      return absl::StrFormat("error=ENOSPC:when=%d+", trap.nth);
  }
  return "";
}

// Each call tells its file, and never what is written or read.
std::vector<std::string> WordsFor(const Trap& trap, const std::string& output) {
  const std::string set = SetOf(trap);
  return {"-y",           "-s",   "0",
          "-o",           output, "-e",
          "trace=" + set, "-e",   "inject=" + set + ":" + InjectionOf(trap)};
}

std::size_t CountOf(std::string_view word, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
  return count;
}

}  // namespace

const char* NameOf(Calls calls) {
  constexpr std::array<const char*, 9> kNames = {"write", "sync", "rename", "open",     "read",
                                                 "stat",  "mmap", "accept", "getrandom"};
  return kNames[static_cast<std::size_t>(calls)];
}

std::string Trap::ToText() const {
  const std::string what = effect == Effect::kKill   ? "killed"
                           : effect == Effect::kFail ? error
                                                     : "ENOSPC";
  return absl::StrFormat("%s %d (%s)", call.empty() ? NameOf(calls) : call, nth, what);
}

std::string CaughtIn(const std::string& output) {
  std::string caught;
  const std::vector<std::string> lines = absl::StrSplit(output, '\n');
  for (const std::string& line : lines) {
    if (line.find("(INJECTED)") != line.npos) caught += line + "\n";
  }
  return caught;
}

std::vector<std::string> Strace::Prefix(const Trap& trap, const std::string& output) {
  std::vector<std::string> argv = {"strace", "-D"};
  if (!trap.first_thread) argv.emplace_back("-f");
  for (std::string& word : WordsFor(trap, output)) argv.push_back(std::move(word));
  return argv;
}

absl::StatusOr<Strace> Strace::Attach(pid_t pid, const Trap& trap, const std::string& output,
                                      const Scope& scope) {
  std::vector<std::string> argv = {"strace"};
  if (scope.threads.empty()) argv.insert(argv.end(), {"-f", "-p", std::to_string(pid)});
  for (const pid_t thread : scope.threads) {
    argv.insert(argv.end(), {"-p", std::to_string(thread)});
  }
  for (std::string& word : WordsFor(trap, output)) argv.push_back(std::move(word));
  for (const std::string& file : scope.files) argv.insert(argv.end(), {"-P", file});
  const std::string said = output + ".said";
  LETHE_ASSIGN(ChildProcess process, ChildProcess::Start(argv, said));
  // It says so on its error output, once all threads are held, or of each that it was told of; one
  // of those may have ended meanwhile.
  const std::size_t expected = std::max<std::size_t>(1, scope.threads.size());
  const auto holds_all = [expected](const std::string& text) {
    const std::size_t held = CountOf("attached", text);
    return held > 0 && held + CountOf("No such process", text) >= expected;
  };
  LETHE_TRY(WaitForFile(said, process.pidfd(), kAttachLimit, holds_all).status());
  return Strace(std::move(process), output);
}

void Strace::Detach() {
  process_.Signal(SIGINT);
  (void)process_.Wait(kDetachLimit);
}

std::string Strace::Caught() const { return CaughtIn(ReadFile(output_)); }

absl::StatusOr<std::string> Strace::OutputUntilEndOf(pid_t pid, const Trap& trap,
                                                     const std::string& output) {
  // It is nobody's child, and writes a little longer than the process lives.
  const std::string last_words = trap.first_thread ? "+++ " : absl::StrFormat("%-5d +++ ", pid);
  return WaitForFile(output, kNoProcess, kDetachLimit, [&](const std::string& said) {
    return said.find(last_words) != std::string::npos;
  });
}

std::vector<std::string> OpenFilesOf(pid_t pid, const std::string& folder) {
  std::set<std::string> files;
  std::error_code error;  // A descriptor may be closed while we look.
  for (const auto& entry : fs::directory_iterator(absl::StrFormat("/proc/%d/fd", pid), error)) {
    const std::string file = fs::read_symlink(entry.path(), error).string();
    if (!error && file.starts_with(folder + "/")) files.insert(file);
  }
  return {files.begin(), files.end()};
}

std::vector<pid_t> ThreadsBesideRpcOf(pid_t pid) {
  std::vector<pid_t> threads;
  std::error_code error;  // A thread may end while we look.
  for (const auto& entry : fs::directory_iterator(absl::StrFormat("/proc/%d/task", pid), error)) {
    const std::string name = ReadFile(entry.path().string() + "/comm");
    const bool is_rpc = std::ranges::any_of(
        kRpcThreads, [&name](const char* beginning) { return name.starts_with(beginning); });
    if (!is_rpc) threads.push_back(std::atoi(entry.path().filename().c_str()));
  }
  return threads;
}

absl::Status Strace::Usable(pid_t pid, const std::string& folder) {
  const auto found = Run({"strace", "-V"}, folder + "/strace-version.log", kAttachLimit);
  if (!found.ok() || found->code != 0) return absl::UnavailableError("strace is not installed");
  auto attached = Attach(pid, {Calls::kSync, Trap::kNeverReached}, folder + "/strace-try.log");
  if (!attached.ok()) return absl::UnavailableError("strace may not attach to a process here");
  attached->Detach();
  return absl::OkStatus();
}

}  // namespace lethe::test
