// The services of the API, ready to be registered.
#ifndef LETHE_SERVER_METHODS_SERVICES_H_
#define LETHE_SERVER_METHODS_SERVICES_H_

#include <memory>
#include <vector>

#include "grpcpp/impl/service_type.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

// `desk` outlives them. Each method of each is answered (checked).
std::vector<std::unique_ptr<grpc::Service>> MakeServices(CallDesk& desk);

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_SERVICES_H_
