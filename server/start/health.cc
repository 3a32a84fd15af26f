#include "server/start/health.h"

#include "base/status_macros.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "server/start/address.h"
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

absl::StatusOr<std::unique_ptr<HealthPort>> HealthPort::Start(const std::string& address) {
  LETHE_ASSIGN(const Address parsed, ParseAddress(address));
  LETHE_TRY(CheckFree(parsed));
  std::unique_ptr<HealthPort> health(new HealthPort);
  grpc::ServerBuilder builder;
  SetConnectionLimits(builder);
  SetReflection(builder, false);
  builder.RegisterCallbackGenericService(&health->nothing_);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &health->port_);
  health->server_ = builder.BuildAndStart();
  if (health->server_ == nullptr || health->port_ == 0) {
    return absl::UnavailableError("the health port cannot be listened on");
  }
  if (auto* service = health->server_->GetHealthCheckService(); service != nullptr) {
    service->SetServingStatus(kLiveness, true);
    service->SetServingStatus(kReadiness, false);
  }
  return health;
}

void HealthPort::SetServing(bool serving) {
  server::SetServing(*server_, serving);
  if (auto* service = server_->GetHealthCheckService(); service != nullptr) {
    service->SetServingStatus(kReadiness, serving);
  }
}

// Probes ask again; none of them is worth waiting for.
void HealthPort::Stop() { server_->Shutdown(std::chrono::system_clock::now()); }

}  // namespace lethe::server
