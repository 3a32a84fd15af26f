#include "server/start/server.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"
#include "server/calls/unknown_method.h"
#include "server/methods/services.h"
#include "server/start/address.h"
#include "server/start/credentials.h"
#include "server/start/health.h"
#include "server/start/reflection.h"
#include "server/start/server_limits.h"
#include "server/start/text_file.h"

namespace lethe::server {
namespace {

WorkerPool::Options PoolOptions(const char* name, int threads, int queue_max) {
  return {name, threads, static_cast<std::size_t>(queue_max)};
}

}  // namespace

// In the order in which they are needed; destroyed in the opposite one.
struct Server::Parts {
  Parts(const ServerConfig& config, vault::Vault& vault, const Log& log, const Clock& clock,
        Random& random, MethodTable method_table, std::unique_ptr<Validator> rules)
      : methods(std::move(method_table)),
        validator(std::move(rules)),
        access(*validator, config.insecure_loopback_dev ? IdentitySource::kDevMetadata
                                                        : IdentitySource::kCertificate),
        data(PoolOptions("data", config.limits.workers, config.limits.queue_unary), clock),
        rights(PoolOptions("rights", config.limits.workers_rights, config.limits.queue_rights),
               clock),
        streams(PoolOptions("streams", config.limits.workers_streams, config.limits.queue_streams),
                clock),
        stream_slots(config.limits.queue_streams),
        desk{vault, methods, *validator, access,       log,      clock,      random,
             data,  rights,  streams,    stream_slots, draining, clock.Now()},
        services(MakeServices(desk)),
        unknown_method(desk) {}

  absl::Status Listen(const ServerConfig& config);
  absl::Status WritePorts(const ServerConfig& config) const;

  const MethodTable methods;
  const std::unique_ptr<Validator> validator;
  const Access access;
  std::atomic<bool> draining{false};
  WorkerPool data;
  WorkerPool rights;
  WorkerPool streams;
  StreamSlots stream_slots;
  CallDesk desk;
  const std::vector<std::unique_ptr<grpc::Service>> services;
  UnknownMethod unknown_method;
  int port = 0;
  std::unique_ptr<HealthPort> health;
  std::unique_ptr<grpc::Server> server;
  bool stopped = false;
};

absl::Status Server::Parts::Listen(const ServerConfig& config) {
  LETHE_ASSIGN(const auto credentials, CredentialsFrom(config));
  LETHE_ASSIGN(const Address address, ParseAddress(config.listen));
  LETHE_TRY(CheckFree(address));
  EnableHealthService();
  if (!config.health_listen.empty()) {
    LETHE_ASSIGN(health, HealthPort::Start(config.health_listen));
    health->SetServing(false);
  }
  grpc::ServerBuilder builder;
  SetConnectionLimits(builder);
  grpc::ResourceQuota quota("lethed");
  builder.SetResourceQuota(quota.Resize(static_cast<std::size_t>(config.limits.memory_mb) << 20));
  builder.AddListeningPort(config.listen, credentials, &port);
  for (const auto& service : services) builder.RegisterService(service.get());
  builder.RegisterCallbackGenericService(&unknown_method);
  SetReflection(builder, config.reflection);
  server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    // The port was free and the files were a pair a moment ago.
    return absl::UnavailableError(absl::StrFormat("%s cannot be listened on", config.listen));
  }
  return absl::OkStatus();
}

absl::Status Server::Parts::WritePorts(const ServerConfig& config) const {
  if (config.port_file.empty()) return absl::OkStatus();
  std::string text = absl::StrFormat("%d\n", port);
  if (health != nullptr) text += absl::StrFormat("%d\n", health->port());
  return WriteTextFile(config.port_file, text);
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerConfig& config,
                                                      vault::Vault& vault, const Log& log,
                                                      const Clock& clock, Random& random) {
  LETHE_ASSIGN(MethodTable methods, MethodTable::Build());
  LETHE_ASSIGN(auto validator, Validator::Plan(methods.RequestTypes()));
  auto parts = std::make_unique<Parts>(config, vault, log, clock, random, std::move(methods),
                                       std::move(validator));
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  LETHE_TRY(server->parts_->Listen(config));
  server->SetServing(true);
  LETHE_TRY(server->parts_->WritePorts(config));
  return server;
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() { Stop(absl::ZeroDuration()); }

int Server::port() const { return parts_->port; }
int Server::health_port() const { return parts_->health == nullptr ? 0 : parts_->health->port(); }

void Server::SetServing(bool serving) {
  server::SetServing(*parts_->server, serving);
  if (parts_->health != nullptr) parts_->health->SetServing(serving);
}

void Server::Stop(absl::Duration drain) {
  if (parts_->stopped) return;
  parts_->stopped = true;
  parts_->draining = true;
  if (parts_->server != nullptr) {
    SetServing(false);
    parts_->server->Shutdown(absl::ToChronoTime(absl::Now() + drain));
  }
  if (parts_->health != nullptr) parts_->health->Stop();
  parts_->data.Close();
  parts_->rights.Close();
  parts_->streams.Close();
}

}  // namespace lethe::server
