// The generated stubs behind a Client, and how an answer of gRPC becomes one of the tests. Kept
// from client.h so that only two files compile gRPC.
#ifndef LETHE_TESTS_SYSTEM_CLIENT_STUBS_H_
#define LETHE_TESTS_SYSTEM_CLIENT_STUBS_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/system/client.h"

namespace lethe::test {

inline void SetDeadline(grpc::ClientContext& context, absl::Duration limit) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + limit));
}

struct Client::Stubs {
  std::unique_ptr<v1::VaultService::Stub> vault;
  std::unique_ptr<v1::RightsService::Stub> rights;
  std::unique_ptr<v1::AdminService::Stub> admin;
  std::unique_ptr<grpc::health::v1::Health::Stub> health;
  Transcript* transcript;

  // As an answer of the tests; a refusal goes into the transcript whole, with every detail.
  CallError Keep(const grpc::Status& status) const;

  // One unary call, `(*vault).*method`, with the deadline every call has.
  template <typename Stub, typename Request, typename Response>
  CallError Call(Stub& stub,
                 grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                 const Request& request, Response& response) const {
    grpc::ClientContext context;
    SetDeadline(context, Client::kCallLimit);
    return Keep((stub.*method)(&context, request, &response));
  }
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_CLIENT_STUBS_H_
