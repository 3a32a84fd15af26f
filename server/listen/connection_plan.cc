#include "server/listen/connection_plan.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace lethe::server {
namespace {

// The next start may find more files open than this one: those of the database grow in number.
constexpr int kSpare = 32;

}  // namespace

absl::StatusOr<ConnectionPlan> PlanConnections(int limit, int open, int wanted) {
  ConnectionPlan plan{.limit = limit, .open = open};
  plan.reserve = std::clamp(limit / 4, kReserveMin, kReserveMax);
  constexpr int kHealth = kDescriptorsOfConnection * kHealthConnections;
  const int fit = (limit - open - plan.reserve - kHealth) / kDescriptorsOfConnection;
  plan.connections = std::min(wanted, fit);
  if (plan.connections >= std::min(wanted, kConnectionsMin)) return plan;
  // Where the reserve is a quarter of the limit, three quarters must hold the rest.
  const int rest = open + kHealth + kDescriptorsOfConnection * kConnectionsMin;
  const int needed = std::max(rest + kReserveMin, rest + rest / 3 + 2) + kSpare;
  return absl::FailedPreconditionError(absl::StrFormat(
      "the limit of open files is %d and must be at least %d: raise its hard limit (ulimit -Hn, "
      "LimitNOFILE of systemd, the container's)",
      limit, needed));
}

}  // namespace lethe::server
