// Health checks (grpc.health.v1): on the main port for those with a certificate, and on a plaintext
// port of its own for probes without one, which answers nothing else.
#ifndef LETHE_SERVER_START_HEALTH_H_
#define LETHE_SERVER_START_HEALTH_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"
#include "server/listen/acceptor.h"

namespace lethe::server {

// Before any server is built: each then has gRPC's own health service.
void EnableHealthService();

// Says for `server` and every service of it whether calls are welcome.
void SetServing(grpc::Server& server, bool serving);

class HealthPort {
 public:
  // Not serving until SetServing says so. UNAVAILABLE: the port is taken. INVALID_ARGUMENT: the
  // address is none.
  static absl::StatusOr<std::unique_ptr<HealthPort>> Start(const std::string& address,
                                                           const Log& log, const Clock& clock);

  int port() const { return acceptor_->port(); }
  // See Acceptor.
  absl::Duration SilentFor() const { return acceptor_->SilentFor(); }
  // Besides the server's own services there are two for supervisors: "readiness" follows `serving`,
  // "liveness" is serving from Start to Stop.
  void SetServing(bool serving);
  void Stop();

 private:
  HealthPort() = default;

  // gRPC starts no server without a service; this one refuses every call.
  grpc::CallbackGenericService nothing_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_HEALTH_H_
