#include "cli/backup/backup_health.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "cli/backup/backup_reading.h"

namespace lethe::cli {
namespace {

using vault::backup::Standing;
using vault::backup::State;

// By which two machines' clocks may differ; a time further ahead is no time to rely on.
constexpr absl::Duration kClocksDiffer = absl::Minutes(5);

std::string Text(absl::Duration age) {
  return absl::FormatDuration(absl::Trunc(age, absl::Minutes(1)));
}

// Why a time is not one that may be relied on; nothing if it may.
std::string Complaint(absl::Duration age, absl::Duration limit) {
  if (age < -kClocksDiffer) return "lies in the future";
  if (age > limit) return absl::StrCat("was ", Text(age), " ago, more than ", Text(limit));
  return "";
}

void CheckNewest(BackupHealth& health, const BackupLimits& limits, absl::Time now) {
  if (!health.newest.has_value()) {
    health.problems.emplace_back("there is no backup");
    return;
  }
  if (!health.newest->manifest.has_value()) return;  // Told as damaged.
  health.age = now - health.newest->manifest->manifest.create_time;
  const std::string complaint = Complaint(*health.age, limits.age);
  if (!complaint.empty()) health.problems.push_back("the newest backup " + complaint);
}

void CheckOne(const Standing& standing, BackupHealth& health, const BackupLimits& limits,
              absl::Time now) {
  const std::string which = absl::StrCat("the backup of position ", standing.position);
  ++(standing.state == State::kDamaged      ? health.damaged
     : standing.state == State::kUnverified ? health.unverified
                                            : health.verified);
  if (standing.verify_time.has_value()) {
    const absl::Duration age = now - *standing.verify_time;
    health.verify_age = std::max(health.verify_age.value_or(age), age);
  }
  if (standing.state == State::kDamaged) {
    health.problems.push_back(which + " is damaged");
  } else if (standing.state == State::kUnverified) {
    const bool matters = limits.verify_age < absl::InfiniteDuration() ||
                         standing.position == health.newest->position;
    if (matters) health.problems.push_back(which + " has not been verified as it is now");
  } else if (const std::string complaint =
                 Complaint(now - *standing.verify_time, limits.verify_age);
             !complaint.empty()) {
    health.problems.push_back(which + ": its last verification " + complaint);
  }
}

std::int64_t Seconds(absl::Duration age) { return absl::ToInt64Seconds(age); }

}  // namespace

BackupHealth HealthOf(const std::vector<Standing>& standings, const BackupLimits& limits,
                      absl::Time now) {
  BackupHealth health;
  health.backups = static_cast<int>(standings.size());
  if (!standings.empty()) health.newest = standings.back();
  CheckNewest(health, limits, now);
  for (const Standing& each : standings) CheckOne(each, health, limits, now);
  return health;
}

nlohmann::ordered_json ToJson(const BackupHealth& health) {
  nlohmann::ordered_json json = {{"good", health.problems.empty()}, {"problems", health.problems},
                                 {"backups", health.backups},       {"verified", health.verified},
                                 {"unverified", health.unverified}, {"damaged", health.damaged}};
  if (health.age.has_value()) json["ageSeconds"] = Seconds(*health.age);
  if (health.verify_age.has_value()) json["oldestVerifySeconds"] = Seconds(*health.verify_age);
  if (health.newest.has_value()) json["newest"] = ToJson(*health.newest);
  return json;
}

}  // namespace lethe::cli
