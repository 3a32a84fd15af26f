#include "server/telling/alarm_log.h"

#include <algorithm>
#include <string_view>

namespace lethe::server {
namespace {

bool IsIn(const std::vector<std::string>& alarms, const std::string& alarm) {
  return std::ranges::find(alarms, alarm) != alarms.end();
}

}  // namespace

void AlarmLog::Look(const std::vector<std::string>& alarms) {
  for (const std::string& alarm : alarms) {
    if (IsIn(last_, alarm)) continue;
    log_.Write(Level::kError, "alarm", {{"what", std::string_view(alarm)}});
  }
  for (const std::string& alarm : last_) {
    if (IsIn(alarms, alarm)) continue;
    log_.Write(Level::kInfo, "alarm_over", {{"what", std::string_view(alarm)}});
  }
  last_ = alarms;
}

}  // namespace lethe::server
