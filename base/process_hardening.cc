#include "base/process_hardening.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>

namespace lethe {
namespace {

// Freed bytes become this, fresh ones its complement. Any value but 0 does; this one is easily
// recognised in a debugger.
constexpr int kPerturbByte = 0xdb;

bool ThreadCacheIsOff() {
  const char* tunables = std::getenv("GLIBC_TUNABLES");
  return tunables != nullptr &&
         std::string_view(tunables).find("glibc.malloc.tcache_count=0") != std::string_view::npos;
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
  return missing;
}

}  // namespace lethe
