#include "server/start/health.h"

#include <chrono>
#include <utility>

#include "base/status_macros.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "server/listen/address.h"
#include "server/listen/connection_plan.h"
#include "server/listen/listener.h"
#include "server/start/reflection.h"
#include "server/start/server_limits.h"

namespace lethe::server {

namespace {

// The empty name is the whole server.
constexpr const char* kServices[] = {"", "lethe.v1.VaultService", "lethe.v1.RightsService",
                                     "lethe.v1.AdminService"};
// What a supervisor asks for (helm/): may it send calls, and must it start the process anew? An
// unready server may be draining; one that answers at all is alive.
constexpr const char* kReadiness = "readiness";
constexpr const char* kLiveness = "liveness";

}  // namespace

void EnableHealthService() { grpc::EnableDefaultHealthCheckService(true); }

void SetServing(grpc::Server& server, bool serving) {
  auto* health = server.GetHealthCheckService();
  if (health == nullptr) return;
  // gRPC knows only the empty name by itself, and its call for "all" means all that were set.
  for (const char* service : kServices) health->SetServingStatus(service, serving);
}

absl::StatusOr<std::unique_ptr<HealthPort>> HealthPort::Start(const std::string& address,
                                                              const Log& log, const Clock& clock) {
  LETHE_ASSIGN(const Address parsed, ParseAddress(address));
  LETHE_ASSIGN(Listener listener, Listener::Open(parsed));
  std::unique_ptr<HealthPort> health(new HealthPort);
  grpc::ServerBuilder builder;
  SetConnectionLimits(builder);
  SetReflection(builder, false);
  builder.RegisterCallbackGenericService(&health->nothing_);
  auto door = OpenDoor(builder, grpc::InsecureServerCredentials());
  health->server_ = builder.BuildAndStart();
  if (health->server_ == nullptr) return absl::InternalError("the health port does not start");
  // Before anybody can ask.
  health->SetServing(false);
  if (auto* service = health->server_->GetHealthCheckService(); service != nullptr) {
    service->SetServingStatus(kLiveness, true);
  }
  // Whoever comes is let in, and the oldest goes: a probe is done in milliseconds.
  Acceptor::Options options{.port_name = "health",
                            .limits = {.total = kHealthConnections,
                                       .per_network = kHealthConnections + 1,
                                       .unproven = kHealthConnections,
                                       .oldest_goes = true},
                            .handshake_proves = false};
  LETHE_ASSIGN(health->acceptor_, Acceptor::Start(std::move(options), std::move(listener),
                                                  std::move(door), log, clock));
  return health;
}

void HealthPort::SetServing(bool serving) {
  server::SetServing(*server_, serving);
  if (auto* service = server_->GetHealthCheckService(); service != nullptr) {
    service->SetServingStatus(kReadiness, serving);
  }
}

// Probes ask again; none of them is worth waiting for.
void HealthPort::Stop() {
  acceptor_->Stop();
  server_->Shutdown(std::chrono::system_clock::now());
}

}  // namespace lethe::server
