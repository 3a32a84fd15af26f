// Asks a server for its own description, as tools do that know nothing of its API.
#ifndef LETHE_TESTS_SERVER_WIRE_REFLECTION_CLIENT_H_
#define LETHE_TESTS_SERVER_WIRE_REFLECTION_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"

namespace lethe::test {

// Empty if the server has no reflection.
std::vector<std::string> ListServices(const std::shared_ptr<grpc::Channel>& channel);

// Whether the server hands out the file that defines `symbol`.
bool CanDescribe(const std::shared_ptr<grpc::Channel>& channel, const std::string& symbol);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_REFLECTION_CLIENT_H_
