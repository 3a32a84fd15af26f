// Answers every method that the API does not have: UNIMPLEMENTED with an ErrorInfo, like any error.
#ifndef LETHE_SERVER_CALLS_UNKNOWN_METHOD_H_
#define LETHE_SERVER_CALLS_UNKNOWN_METHOD_H_

#include "grpcpp/generic/async_generic_service.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

class UnknownMethod final : public grpc::CallbackGenericService {
 public:
  explicit UnknownMethod(const CallDesk& desk) : desk_(desk) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  const CallDesk& desk_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_UNKNOWN_METHOD_H_
