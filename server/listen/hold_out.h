// Who was cut off for abuse comes again at once, and each time does what it did until that is seen.
// So its network waits at the door for a while; connections that are open already stay.
#ifndef LETHE_SERVER_LISTEN_HOLD_OUT_H_
#define LETHE_SERVER_LISTEN_HOLD_OUT_H_

#include <string>
#include <unordered_map>

#include "absl/time/time.h"

namespace lethe::server {

// For one thread.
class HoldOut {
 public:
  // Others may be behind the same address, and they wait too: no longer than a client that tries
  // again would notice.
  static constexpr absl::Duration kWait = absl::Seconds(4);

  // `now` never goes back.
  void Begin(const std::string& network, absl::Duration now) {
    std::erase_if(until_, [now](const auto& held) { return held.second <= now; });
    until_[network] = now + kWait;
  }
  bool Holds(const std::string& network, absl::Duration now) const {
    const auto found = until_.find(network);
    return found != until_.end() && now < found->second;
  }

 private:
  std::unordered_map<std::string, absl::Duration> until_;  // As many as were cut off lately.
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_HOLD_OUT_H_
