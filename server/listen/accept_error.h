// What an error of accept(2) means.
#ifndef LETHE_SERVER_LISTEN_ACCEPT_ERROR_H_
#define LETHE_SERVER_LISTEN_ACCEPT_ERROR_H_

#include <string_view>

namespace lethe::server {

// The peer's fault, or the network's: the next connection may be sound.
bool IsOfTheConnection(int error);

// For the log. A literal.
std::string_view NameOfAcceptError(int error);

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_ACCEPT_ERROR_H_
