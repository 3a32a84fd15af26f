#include "server/telling/chore_log.h"

#include <algorithm>

namespace lethe::server {

void ChoreLog::Look(const std::vector<vault::ChoreStatus>& chores) {
  for (const vault::ChoreStatus& now : chores) {
    vault::ChoreStatus& before = last_[now.name];
    Tell(before, now);
    before = now;
  }
}

void ChoreLog::Tell(const vault::ChoreStatus& before, const vault::ChoreStatus& now) const {
  const std::string_view name = now.name;
  if (now.failures > 0 && (before.failures == 0 || before.reason != now.reason)) {
    log_.Write(Level::kWarn, "chore_failed",
               {{"chore", name}, {"reason", std::string_view(now.reason)}});
  }
  for (const vault::BadRow& row : now.bad_rows) {
    if (std::ranges::find(before.bad_rows, row) != before.bad_rows.end()) continue;
    log_.Write(Level::kWarn, "chore_stepped_over",
               {{"chore", name},
                {"table", std::string_view(row.table)},
                {"row", static_cast<std::int64_t>(row.number)},
                {"reason", std::string_view(row.reason)}});
  }
  // Past those that are named it is the number that tells.
  if (now.bad_row_count > now.bad_rows.size() && now.bad_row_count > before.bad_row_count) {
    log_.Write(Level::kWarn, "chore_stepped_over",
               {{"chore", name}, {"rows", static_cast<std::int64_t>(now.bad_row_count)}});
  }
  if (now.healthy && !before.healthy) log_.Write(Level::kInfo, "chore_healthy", {{"chore", name}});
}

}  // namespace lethe::server
