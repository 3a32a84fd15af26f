#include "base/memory/process_hardening.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace lethe {
namespace {

// Freed bytes become this, fresh ones its complement. Any value but 0 does; this one is easily
// recognised in a debugger.
constexpr int kPerturbByte = 0xdb;

constexpr char kTunablesName[] = "GLIBC_TUNABLES";  // ld.so(8)
constexpr std::string_view kThreadCacheOff = "glibc.malloc.tcache_count=0";
constexpr char kBindNowName[] = "LD_BIND_NOW";  // ld.so(8)

std::string Tunables() {
  const char* tunables = std::getenv(kTunablesName);
  return tunables == nullptr ? "" : tunables;
}

bool ThreadCacheIsOff() { return Tunables().find(kThreadCacheOff) != std::string::npos; }

bool LibrariesAreBoundAtStart() {
  const char* bind = std::getenv(kBindNowName);
  return bind != nullptr && *bind != '\0';
}

// The program's own file: under the name /proc/self/exe it would be called "exe" from then on.
std::string OwnProgram() {
  std::array<char, 4096> path;
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  return size <= 0 ? "" : std::string(path.data(), static_cast<std::size_t>(size));
}

}  // namespace

std::vector<std::string_view> HardenProcess() {
  std::vector<std::string_view> missing;
  const rlimit no_core{0, 0};
  if (setrlimit(RLIMIT_CORE, &no_core) != 0) missing.push_back("core dumps off");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) missing.push_back("process not dumpable");
  if (mallopt(M_PERTURB, kPerturbByte) != 1) missing.push_back("freed memory overwritten");
  if (!ThreadCacheIsOff()) {
    missing.push_back(
        "small freed memory overwritten at once (set GLIBC_TUNABLES=glibc.malloc.tcache_count=0)");
  }
  if (!LibrariesAreBoundAtStart()) {
    missing.push_back("libraries bound at start, not over plaintext (set LD_BIND_NOW=1)");
  }
  return missing;
}

void RestartHardened(char* const* argv) {
  const std::string before = Tunables();
  const bool bound = LibrariesAreBoundAtStart();
  if (ThreadCacheIsOff() && bound) return;  // Also after the restart: there is no second one.
  std::string tunables = before;
  if (!ThreadCacheIsOff()) {
    if (!tunables.empty()) tunables += ':';
    tunables += kThreadCacheOff;
  }
  const std::string program = OwnProgram();
  if (program.empty() || setenv(kTunablesName, tunables.c_str(), 1) != 0 ||
      setenv(kBindNowName, "1", 1) != 0) {
    return;
  }
  execv(program.c_str(), argv);
  // Not restarted, so all is as it was, and HardenProcess says so.
  if (before.empty()) {
    unsetenv(kTunablesName);
  } else {
    setenv(kTunablesName, before.c_str(), 1);
  }
  if (!bound) unsetenv(kBindNowName);
}

}  // namespace lethe
