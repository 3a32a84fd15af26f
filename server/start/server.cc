#include "server/start/server.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/descriptors.h"
#include "base/status_macros.h"
#include "base/text/text_file.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/calls/unknown_method.h"
#include "server/listen/acceptor.h"
#include "server/listen/connection_plan.h"
#include "server/listen/listener.h"
#include "server/listen/pollers.h"
#include "server/methods/services.h"
#include "server/start/drain.h"
#include "server/start/health.h"
#include "server/start/reflection.h"
#include "server/start/server_limits.h"
#include "server/tls/certificate_keeper.h"

namespace lethe::server {
namespace {

// Longer than a caller is waited for that does not read: it is to be told why it was cut off, and
// its other calls need not end.
absl::Duration Unacknowledged(const ServerConfig& config) {
  return std::max(kUnacknowledgedMin, config.limits.stalled + absl::Seconds(5));
}

// Few, since each keeps a processor busy for milliseconds; and more than one, since each waits for
// the disk as well.
constexpr int kLargeWorkers = 4;

// With gRPC's own two: so many connections with megabytes are read before one waits for another.
constexpr int kPollers = 6;

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
        large(PoolOptions("large", kLargeWorkers, config.limits.queue_unary), clock),
        rights(PoolOptions("rights", config.limits.workers_rights, config.limits.queue_rights),
               clock),
        streams(PoolOptions("streams", config.limits.workers_streams, config.limits.queue_streams),
                clock),
        stream_slots(config.limits.queue_streams),
        files(config.read_once, clock),
        in_flight(std::int64_t{config.limits.in_flight_mb} << 20),
        desk{vault,
             methods,
             *validator,
             access,
             log,
             clock,
             random,
             data,
             large,
             rights,
             streams,
             stream_slots,
             draining,
             clock.Now(),
             board,
             files,
             under_way,
             in_flight,
             config.limits.stalled},
        services(MakeServices(desk)),
        unknown_method(desk) {}

  absl::Status ReadCertificates(const ServerConfig& config);
  absl::Status Listen(const ServerConfig& config);
  absl::Status Accept(const ServerConfig& config, Listener listener, std::unique_ptr<Door> door);
  absl::Status WritePorts(const ServerConfig& config) const;

  const MethodTable methods;
  const std::unique_ptr<Validator> validator;
  const Access access;
  std::atomic<bool> draining{false};
  UnderWay under_way;
  CertificateBoard board;
  std::unique_ptr<CertificateKeeper> certificates;  // Null in development mode.
  std::shared_ptr<grpc::ServerCredentials> credentials;
  WorkerPool data;
  WorkerPool large;
  WorkerPool rights;
  WorkerPool streams;
  StreamSlots stream_slots;
  const OperatorFiles files;
  ByteBudget in_flight;
  CallDesk desk;
  const std::vector<std::unique_ptr<grpc::Service>> services;
  UnknownMethod unknown_method;
  std::unique_ptr<HealthPort> health;
  const Pollers pollers{kPollers};
  std::unique_ptr<grpc::Server> server;
  bool ready = false;
  std::unique_ptr<Acceptor> acceptor;
  bool stopped = false;
};

absl::Status Server::Parts::ReadCertificates(const ServerConfig& config) {
  if (config.insecure_loopback_dev) {
    credentials = grpc::InsecureServerCredentials();
    return absl::OkStatus();
  }
  LETHE_ASSIGN(certificates, CertificateKeeper::Open(config.tls, desk.log, desk.clock, board));
  credentials = certificates->credentials();
  return absl::OkStatus();
}

absl::Status Server::Parts::Listen(const ServerConfig& config) {
  LETHE_ASSIGN(const Address address, ParseAddress(config.listen));
  LETHE_ASSIGN(Listener listener, Listener::Open(address, Unacknowledged(config)));
  EnableHealthService();
  if (!config.health_listen.empty()) {
    LETHE_ASSIGN(health, HealthPort::Start(config.health_listen, desk.log, desk.clock));
  }
  grpc::ServerBuilder builder;
  SetConnectionLimits(builder);
  grpc::ResourceQuota quota("lethed");
  builder.SetResourceQuota(quota.Resize(static_cast<std::size_t>(config.limits.memory_mb) << 20));
  auto door = OpenDoor(builder, credentials);
  for (const auto& service : services) builder.RegisterService(service.get());
  builder.RegisterCallbackGenericService(&unknown_method);
  SetReflection(builder, config.reflection);
  server = builder.BuildAndStart();
  if (server == nullptr) {
    // The files were a pair a moment ago.
    return absl::UnavailableError("the server does not start on what it listens on");
  }
  server::SetServing(*server, false);  // Before anybody can ask.
  return Accept(config, std::move(listener), std::move(door));
}

// With everything open that the server itself needs: what is left is the callers'.
absl::Status Server::Parts::Accept(const ServerConfig& config, Listener listener,
                                   std::unique_ptr<Door> door) {
  LETHE_ASSIGN(const int open, CountDescriptors());
  LETHE_ASSIGN(const ConnectionPlan plan,
               PlanConnections(DescriptorLimit(), open, config.limits.connections));
  desk.log.Write(Level::kInfo, "descriptors",
                 {{"limit", std::int64_t{plan.limit}},
                  {"open", std::int64_t{plan.open}},
                  {"reserve", std::int64_t{plan.reserve}},
                  {"connections", std::int64_t{plan.connections}}});
  Acceptor::Options options{.port_name = "main",
                            .limits = {.total = plan.connections,
                                       .per_network = config.limits.connections_per_address,
                                       .unproven = config.limits.handshakes}};
  if (config.insecure_loopback_dev) {
    // Nobody proves anything.
    options.handshake_proves = false;
    options.limits.unproven = plan.connections;
  }
  LETHE_ASSIGN(acceptor, Acceptor::Start(std::move(options), std::move(listener), std::move(door),
                                         desk.log, desk.clock));
  return absl::OkStatus();
}

absl::Status Server::Parts::WritePorts(const ServerConfig& config) const {
  if (config.port_file.empty()) return absl::OkStatus();
  std::string text = absl::StrFormat("%d\n", acceptor->port());
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
  LETHE_TRY(server->parts_->ReadCertificates(config));
  LETHE_TRY(server->parts_->Listen(config));
  server->Look();
  LETHE_TRY(server->parts_->WritePorts(config));
  return server;
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() { Stop(absl::ZeroDuration()); }

int Server::port() const { return parts_->acceptor->port(); }

absl::Duration Server::ListenersSilentFor() const {
  const absl::Duration main = parts_->acceptor->SilentFor();
  return parts_->health == nullptr ? main : std::max(main, parts_->health->SilentFor());
}

int Server::health_port() const { return parts_->health == nullptr ? 0 : parts_->health->port(); }

std::vector<std::string> Server::Alarms() const { return parts_->files.Alarms(); }

bool Server::ready() const { return parts_->ready; }

void Server::Look(bool asked) {
  if (parts_->certificates != nullptr) parts_->certificates->Look(asked);
  LookReady();
}

void Server::LookReady() {
  Parts& parts = *parts_;
  // Until then, whoever names a person by an identifier is refused.
  if (parts.ready || !parts.desk.vault.operations().Status().identifiers_loaded) return;
  parts.ready = true;
  SetServing(true);
}

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
    if (parts_->acceptor != nullptr) parts_->acceptor->Stop();
    Drain(*parts_->server, parts_->under_way, drain);
  }
  if (parts_->health != nullptr) parts_->health->Stop();
  parts_->data.Close();
  parts_->large.Close();
  parts_->rights.Close();
  parts_->streams.Close();
}

}  // namespace lethe::server
