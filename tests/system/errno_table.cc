#include "tests/system/errno_table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <map>
#include <span>
#include <string_view>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/system/exit_codes.h"

namespace lethe::test {
namespace {

struct Errors {
  Calls calls;
  std::vector<const char*> errors;
};

// Of what the manual pages list: what a sound program on a sound machine can meet. Not EINVAL,
// EBADF, EFAULT, which are its own mistakes; not EAGAIN of a file, which never blocks; not ENOSYS,
// which a kernel or a filter answers always or never, and libraries ask once.
std::span<const Errors> ErrorsByCalls() {
  static const std::array<Errors, 9> kErrors = {{
      {Calls::kOpen, {"EMFILE", "ENFILE", "ENOMEM", "EACCES", "EIO", "ENOENT", "EINTR"}},
      {Calls::kRead, {"EIO", "EINTR"}},
      {Calls::kWrite, {"EIO", "ENOSPC", "EDQUOT", "EFBIG", "EINTR"}},
      {Calls::kSync, {"EIO", "ENOSPC", "EDQUOT"}},
      {Calls::kRename, {"EIO", "ENOSPC", "EACCES"}},
      {Calls::kStat, {"EIO", "ENOMEM"}},
      {Calls::kMap, {"ENOMEM"}},
      {Calls::kAccept, {"EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "ECONNABORTED", "EPERM"}},
      {Calls::kRandom, {"EINTR"}},
  }};
  return kErrors;
}

constexpr std::array<std::pair<Act, const char*>, 6> kActs = {{{Act::kPut, "a put"},
                                                               {Act::kErase, "an erase"},
                                                               {Act::kBackup, "a backup"},
                                                               {Act::kReload, "a reload"},
                                                               {Act::kStart, "a start"},
                                                               {Act::kBackupTool, "a tool"}}};

// Where a library ends the process and leaves no choice.
struct Abort {
  Calls calls;
  // What strace wrote of each call that failed, a line each, has these, one a line.
  std::vector<const char*> where;
};
std::span<const Abort> Aborts() {
  static const std::array<Abort, 2> kAborts = {{
      // operator new and std::thread throw where nobody can catch, in gRPC's and RocksDB's threads
      // too; an allocator without memory has no other answer.
      {Calls::kMap, {}},
      // Debian's RocksDB, whose assertions are on, asserts that a file of its own can be cut whose
      // write has just failed: two faults, which one trap lays where a thread meets both calls.
      {Calls::kWrite, {"write", "ftruncate("}},
  }};
  return kAborts;
}

bool MayAbort(const Trap& trap, const std::string& caught) {
  const std::vector<std::string> lines = absl::StrSplit(caught, '\n');
  const auto has_line = [&lines](const char* where) {
    return std::ranges::any_of(lines, [where](const std::string& line) {
      return line.find(where) != line.npos && line.find("/db/") != line.npos;
    });
  };
  return std::ranges::any_of(Aborts(), [&](const Abort& abort) {
    return abort.calls == trap.calls && std::ranges::all_of(abort.where, has_line);
  });
}

// Of this process or of the machine: no reason to give up what is open.
bool IsDescriptorShortage(const Trap& trap) {
  return trap.error == "EMFILE" || trap.error == "ENFILE";
}

absl::Status NotLikeThis(const ProcessEnd& end, std::string_view why, const std::string& caught) {
  const std::string calls = absl::StrReplaceAll(caught, {{"\n", " "}});
  return absl::AbortedError(absl::StrFormat("it ended with %s%s: %s", ToText(end), why, calls));
}

// What ld.so(8) ends a program with whose libraries it cannot place in memory.
bool WasNotLoaded(const Trap& trap, const ProcessEnd& end) {
  constexpr int kNotLoaded = 127;
  return trap.calls == Calls::kMap && end.signal == 0 && end.code == kNotLoaded;
}

}  // namespace

std::string ErrnoRow::ToText() const {
  const auto named = std::ranges::find(kActs, act, &std::pair<Act, const char*>::first);
  return absl::StrFormat("%s, %s (%s)", named->second, NameOf(calls), error);
}

bool IsStarted(Act act) { return act == Act::kStart || act == Act::kBackupTool; }

std::vector<ErrnoRow> ErrnoRows() {
  std::vector<ErrnoRow> rows;
  for (const auto& [act, name] : kActs) {
    for (const auto& [calls, errors] : ErrorsByCalls()) {
      if (calls == Calls::kAccept && IsStarted(act)) continue;  // Nobody calls it yet, or ever.
      for (const char* error : errors) rows.push_back({act, calls, error});
    }
  }
  return rows;
}

absl::Status JudgeErrnoEnd(const Trap& trap, const std::string& caught, const ProcessEnd& end,
                           bool was_starting) {
  constexpr std::array kWhileServing = {kExitSealed, kExitDeaf, kExitMemoryFull};
  constexpr std::array kWhileStarting = {kExitBadConfig, kExitNoVault, kExitCannotListen,
                                         kExitSealed};
  if (end.signal == SIGABRT && MayAbort(trap, caught)) return absl::OkStatus();
  if (was_starting && WasNotLoaded(trap, end)) return absl::OkStatus();
  const auto codes = was_starting ? std::span<const int>(kWhileStarting) : kWhileServing;
  if (end.signal != 0 || std::ranges::find(codes, end.code) == codes.end()) {
    return NotLikeThis(end, "", caught);
  }
  if (trap.calls == Calls::kAccept) return NotLikeThis(end, " for one connection", caught);
  if (end.code == kExitSealed && IsDescriptorShortage(trap)) {
    return NotLikeThis(end, " for want of a descriptor", caught);
  }
  return absl::OkStatus();
}

absl::Status JudgeErrnoToolEnd(const Trap& trap, const std::string& caught, const ProcessEnd& end) {
  constexpr int kLastCode = 7;  // As docs/cli.md has them.
  if (end.signal == SIGABRT && MayAbort(trap, caught)) return absl::OkStatus();
  if (WasNotLoaded(trap, end)) return absl::OkStatus();
  const bool documented = end.signal == 0 && end.code <= kLastCode;
  return documented ? absl::OkStatus() : NotLikeThis(end, "", caught);
}

bool IsExplainedRefusal(const std::string& fault) {
  constexpr std::array<std::string_view, 4> kReasons = {"DESCRIPTOR_RESERVE", "DISK_RESERVE",
                                                        "ARCHIVE_MISSING", "DATABASE_MISSING"};
  return fault.find(": refused: ") != fault.npos &&
         std::ranges::any_of(kReasons, [&fault](std::string_view reason) {
           return fault.find(absl::StrFormat(" / %s:", reason)) != fault.npos;
         });
}

std::vector<Trap> TrapsAfterLoading(const std::string& output, const Trap& like) {
  std::vector<Trap> traps;
  std::map<std::string, int> counts;
  const std::vector<std::string> lines = absl::StrSplit(output, '\n');
  for (const std::string& line : lines) {
    const std::size_t name_end = line.find('(');
    if (name_end == line.npos || std::islower(static_cast<unsigned char>(line[0])) == 0) continue;
    Trap trap = like;
    trap.call = line.substr(0, name_end);
    trap.nth = ++counts[trap.call];
    // The C library asks this dozens of times, and takes any answer.
    const bool worthless = line.find("/sys/devices/system/cpu/") != line.npos;
    if (line.find(".so") != line.npos) {
      traps.clear();
    } else if (!worthless) {
      traps.push_back(trap);
    }
  }
  return traps;
}

}  // namespace lethe::test
