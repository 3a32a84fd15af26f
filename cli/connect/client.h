// The way to the server: one channel over mutual TLS, always a deadline, and UNAVAILABLE tried
// again, which is harmless because every change carries its request id.
#ifndef LETHE_CLI_CONNECT_CLIENT_H_
#define LETHE_CLI_CONNECT_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/connect/connection_settings.h"
#include "cli/output/failure.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"

namespace lethe::cli {

class Client {
 public:
  // USAGE: a certificate file cannot be read. Does not wait for the server.
  static absl::StatusOr<Client> Connect(const ConnectionSettings& settings);

  v1::VaultService::StubInterface& vault() const { return *vault_; }
  v1::RightsService::StubInterface& rights() const { return *rights_; }
  v1::AdminService::StubInterface& admin() const { return *admin_; }

  // One unary call: `Call(client.vault(), &v1::VaultService::StubInterface::GetSubject, request)`.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    Response response;
    const absl::Status status = Try(RequestIdOf(request), [&](grpc::ClientContext& context) {
      return (stub.*method)(&context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

  // For a stream: its context, to be given no deadline, since it ends with its data.
  void Prepare(grpc::ClientContext& context) const;

 private:
  Client(const std::shared_ptr<grpc::Channel>& channel, const ConnectionSettings& settings);

  template <typename Request>
  static std::string RequestIdOf(const Request& request) {
    if constexpr (requires { request.request_id(); }) return request.request_id();
    return {};
  }
  // Calls again, with pauses, while the answer is UNAVAILABLE and the deadline allows.
  absl::Status Try(const std::string& request_id,
                   const std::function<grpc::Status(grpc::ClientContext&)>& call) const;

  std::unique_ptr<v1::VaultService::StubInterface> vault_;
  std::unique_ptr<v1::RightsService::StubInterface> rights_;
  std::unique_ptr<v1::AdminService::StubInterface> admin_;
  absl::Duration timeout_;
  // Who we say we are where no certificate says it (--insecure); else empty.
  std::string dev_principal_;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_CONNECT_CLIENT_H_
