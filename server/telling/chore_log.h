// Writes into the log what becomes of the housekeeper's chores: each change once.
#ifndef LETHE_SERVER_TELLING_CHORE_LOG_H_
#define LETHE_SERVER_TELLING_CHORE_LOG_H_

#include <map>
#include <string>
#include <vector>

#include "server/telling/log.h"
#include "vault/model/chore_status.h"

namespace lethe::server {

// One thread.
class ChoreLog {
 public:
  explicit ChoreLog(const Log& log) : log_(log) {}

  // What the chores are like now. Tells of one that has begun to fail or fails for another reason,
  // of rows stepped over that were not told yet, and of one that is healthy again.
  void Look(const std::vector<vault::ChoreStatus>& chores);

 private:
  void Tell(const vault::ChoreStatus& before, const vault::ChoreStatus& now) const;

  const Log& log_;
  std::map<std::string, vault::ChoreStatus> last_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_CHORE_LOG_H_
