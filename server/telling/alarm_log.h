// Writes the vault's alarms into the log: each once when it comes, and once when it is over.
#ifndef LETHE_SERVER_TELLING_ALARM_LOG_H_
#define LETHE_SERVER_TELLING_ALARM_LOG_H_

#include <string>
#include <vector>

#include "server/telling/log.h"

namespace lethe::server {

// One thread.
class AlarmLog {
 public:
  explicit AlarmLog(const Log& log) : log_(log) {}

  // What there is now.
  void Look(const std::vector<std::string>& alarms);

 private:
  const Log& log_;
  std::vector<std::string> last_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_ALARM_LOG_H_
