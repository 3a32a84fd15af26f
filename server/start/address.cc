#include "server/start/address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>

#include "absl/strings/str_format.h"

namespace lethe::server {
namespace {

absl::Status NotAnAddress(std::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrFormat("'%s' is not HOST:PORT, for instance 127.0.0.1:7443", std::string(text)));
}

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList Resolve(const Address& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const std::string port = std::to_string(address.port);
  if (getaddrinfo(address.host.c_str(), port.c_str(), &hints, &list) != 0) list = nullptr;
  return AddressList(list, &freeaddrinfo);
}

// 0 or errno.
int TryBind(const addrinfo& info) {
  const int fd = socket(info.ai_family, info.ai_socktype | SOCK_CLOEXEC, info.ai_protocol);
  if (fd < 0) return errno;
  // As gRPC's listener does: connections that linger in TIME_WAIT do not occupy the port.
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const int error = bind(fd, info.ai_addr, info.ai_addrlen) == 0 ? 0 : errno;
  close(fd);
  return error;
}

}  // namespace

absl::StatusOr<Address> ParseAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return NotAnAddress(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) return NotAnAddress(text);
  Address address{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  const bool whole = error == std::errc() && end == port.data() + port.size();
  if (!whole || address.port < 0 || address.port > 65535) return NotAnAddress(text);
  return address;
}

bool IsLoopback(const Address& address) {
  if (address.host == "localhost" || address.host == "::1") return true;
  // By its numbers only: a name such as "127.example.org" may be anywhere.
  const bool numeric = address.host.find_first_not_of("0123456789.") == std::string::npos;
  return numeric && address.host.starts_with("127.");
}

absl::Status CheckFree(const Address& address) {
  const AddressList list = Resolve(address);
  if (list == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrFormat("'%s' is no address that can be listened on", address.host));
  }
  const int error = TryBind(*list);
  if (error == 0) return absl::OkStatus();
  if (error == EADDRINUSE) {
    return absl::UnavailableError(absl::StrFormat(
        "port %d is taken by another program; choose another with --listen", address.port));
  }
  if (error == EACCES) {
    return absl::InvalidArgumentError(
        absl::StrFormat("port %d needs privileges that the server does not have", address.port));
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("'%s' is no address of this machine", address.host));
}

}  // namespace lethe::server
