// The sockets that one address listens on: our own, not gRPC's, whose accept loop ends for good
// when it meets the end of the descriptor table (CVE-2023-4785).
#ifndef LETHE_SERVER_LISTEN_LISTENER_H_
#define LETHE_SERVER_LISTEN_LISTENER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/listen/address.h"

namespace lethe::server {

// As long as the keepalive waits (server_limits.h).
inline constexpr absl::Duration kUnacknowledgedMin = absl::Seconds(20);

// Movable; closes its sockets when it dies.
class Listener {
 public:
  // Listens on everything that the host's name stands for: localhost on IPv4 and IPv6, 0.0.0.0 and
  // :: on both. Port 0 takes a free one, the same for all of them. Never shares a port. The kernel
  // ends a connection whose peer leaves what it was sent `unacknowledged` for so long.
  // UNAVAILABLE: the port is taken; INVALID_ARGUMENT: no such address here.
  static absl::StatusOr<Listener> Open(const Address& address,
                                       absl::Duration unacknowledged = kUnacknowledgedMin);
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  // Do not block. At least one.
  const std::vector<int>& fds() const { return fds_; }
  int port() const { return port_; }

 private:
  Listener() = default;

  std::vector<int> fds_;
  int port_ = 0;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_LISTENER_H_
