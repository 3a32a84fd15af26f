// Addresses to listen on: "127.0.0.1:7443", "[::1]:0", "localhost:7443", "0.0.0.0:7443".
#ifndef LETHE_SERVER_LISTEN_ADDRESS_H_
#define LETHE_SERVER_LISTEN_ADDRESS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace lethe::server {

struct Address {
  std::string host;  // Without brackets.
  int port = 0;
};

// INVALID_ARGUMENT unless `text` is HOST:PORT with a numeric port.
absl::StatusOr<Address> ParseAddress(std::string_view text);

// Whether only this machine can reach it: 127.0.0.0/8, ::1, localhost.
bool IsLoopback(const Address& address);

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_ADDRESS_H_
