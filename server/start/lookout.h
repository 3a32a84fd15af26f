// Whether a server that serves may go on, looked at once a second beside the calls.
#ifndef LETHE_SERVER_START_LOOKOUT_H_
#define LETHE_SERVER_START_LOOKOUT_H_

#include "absl/time/time.h"
#include "server/start/config.h"
#include "server/start/memory_watch.h"
#include "server/start/server.h"
#include "server/telling/alarm_log.h"
#include "server/telling/chore_log.h"
#include "server/telling/log.h"
#include "vault/vault.h"

namespace lethe::server {

// Whether nobody is accepted any more.
class DeafWatch {
 public:
  // A listener that has stood still for so long will not come back.
  static constexpr absl::Duration kDeafAfter = absl::Seconds(30);
  // One look alone may be the first after the whole machine was suspended: boot time went on.
  static constexpr int kLooks = 2;

  // To be told every look how long the listeners have not come round.
  bool IsDeaf(absl::Duration silent) {
    looks_ = silent > kDeafAfter ? looks_ + 1 : 0;
    return looks_ >= kLooks;
  }

 private:
  int looks_ = 0;  // In a row that found them silent.
};

enum class Outlook { kFair, kDeaf, kSealed, kMemoryFull };

// For one thread.
class Lookout {
 public:
  // Everything handed in outlives it.
  Lookout(const ServerConfig& config, vault::Vault& vault, const Server& server, const Log& log);

  // To be called once a second. Writes into the log what has become of chores and alarms, and what
  // a flood of lines has left out.
  Outlook Look();

 private:
  bool MemoryIsEnough();

  vault::Vault& vault_;
  const Server& server_;
  MemoryWatch memory_;
  const Log& log_;
  ChoreLog chores_;
  AlarmLog alarms_;
  DeafWatch deaf_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_LOOKOUT_H_
