// The gRPC server over one vault: built, serving, drained, gone.
#ifndef LETHE_SERVER_START_SERVER_H_
#define LETHE_SERVER_START_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/random.h"
#include "server/start/config.h"
#include "server/telling/log.h"
#include "vault/vault.h"

namespace lethe::server {

// Everything handed to Start outlives the Server.
class Server {
 public:
  // When it returns OK, both ports accept calls and the port file is written; health says SERVING
  // when Look found that every call can be answered.
  // FAILED_PRECONDITION: too few file descriptors. UNAVAILABLE: a port is taken. INVALID_ARGUMENT:
  // an address or a certificate file is unusable. INTERNAL: the API's own rules are incomplete
  // (method_table.h, validation.h).
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerConfig& config,
                                                       vault::Vault& vault, const Log& log,
                                                       const Clock& clock, Random& random);
  ~Server();

  int port() const;
  int health_port() const;  // 0: none.
  // How long the thread of a port has not come round; it does so several times a second.
  absl::Duration ListenersSilentFor() const;

  // Looks after what changes beside the calls: from the moment on when look-ups answer, health says
  // SERVING; certificates are taken up from their files (certificate_keeper.h), whether or not they
  // seem changed if `asked`. Start does it once; to be called once a second by the same thread.
  void Look(bool asked = false);
  // The first of these alone, as often as one likes; by the same thread.
  void LookReady();
  bool ready() const;  // One of them has found it so.

  // What the status tells beside the vault's own: OperatorFiles'.
  std::vector<std::string> Alarms() const;

  // What health checks answer from now on.
  void SetServing(bool serving);

  // Health says NOT_SERVING, no call is accepted, those under way have `drain` to end, the rest is
  // cancelled. A connection without a call is told (GOAWAY), not waited for. Returns when no call
  // touches the vault any more. Idempotent.
  void Stop(absl::Duration drain);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_SERVER_H_
