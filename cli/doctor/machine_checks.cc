#include "cli/doctor/machine_checks.h"

#include <sys/resource.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/memory/secret.h"
#include "base/memory/secret_mapping.h"

namespace lethe::cli {

Finding CheckMemlock() {
  Finding finding{.check = "memlock"};
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= secret_arena::kArenaBytesMax) {
    finding.found = "room for every key that lethed may cache";
    return finding;
  }
  finding.health = Health::kWarning;
  finding.found = "only " + std::to_string(limit.rlim_max >> 20) + " MiB may be locked, of 64";
  finding.remedy = "LimitMEMLOCK=64M in the service, or ulimit -l 65536: fewer keys stay cached";
  return finding;
}

Finding CheckMemfdSecret() {
  Finding finding{.check = "memfd_secret"};
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto kind = secret_arena::Backing::kMemfdSecret;
  if (internal::TryMapSecretMemory(kind, page).has_value()) {
    finding.found = "keys can lie in memory that no other process and no dump sees";
    return finding;
  }
  finding.health = Health::kWarning;
  finding.found = "the kernel offers none: keys are locked in ordinary memory";
  finding.remedy =
      "Linux 5.14 or later with secretmem.enable=1; in containers, let memfd_secret pass";
  return finding;
}

Finding CheckClock() {
  Finding finding{.check = "clock"};
  timex state{};
  const int answer = ::adjtimex(&state);
  if (answer >= 0 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0) {
    finding.found = "synchronised";
    return finding;
  }
  finding.health = Health::kWarning;
  finding.found = "the kernel does not know its clock to be right";
  finding.remedy = "run chrony or systemd-timesyncd: data that dies on a date waits for it";
  return finding;
}

}  // namespace lethe::cli
