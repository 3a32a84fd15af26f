// Whether clients of a server may ask for the API's description.
#ifndef LETHE_SERVER_START_REFLECTION_H_
#define LETHE_SERVER_START_REFLECTION_H_

#include "grpcpp/server_builder.h"

namespace lethe::server {

// To be called for every builder: gRPC's library switches reflection on for all servers of a
// process that merely links it.
void SetReflection(grpc::ServerBuilder& builder, bool on);

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_REFLECTION_H_
