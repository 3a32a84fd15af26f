#include "server/listen/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"

namespace lethe::server {
namespace {

// As many as are accepted in three seconds at the least (acceptor.cc).
constexpr int kBacklog = 1024;
// What the kernel holds of a connection until it is read (it takes twice that for its own lists).
// Left to itself it grows to megabytes, and who has so much there is read for as long.
constexpr int kUnreadBytesMax = 128 << 10;
// A free port of one family may be taken in the other; several in a row hardly are.
constexpr int kTries = 8;

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

struct Place {
  sockaddr_storage address{};
  socklen_t size = 0;
};

Place PlaceOf(const addrinfo& info) {
  Place place{.size = info.ai_addrlen};
  std::memcpy(&place.address, info.ai_addr, info.ai_addrlen);
  return place;
}

in_port_t& PortOf(Place& place) {
  return place.address.ss_family == AF_INET6
             ? reinterpret_cast<sockaddr_in6&>(place.address).sin6_port
             : reinterpret_cast<sockaddr_in&>(place.address).sin_port;
}

bool IsAnyAddress(const Place& place) {
  if (place.address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(place.address);
    return IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr) != 0;
  }
  return reinterpret_cast<const sockaddr_in&>(place.address).sin_addr.s_addr == INADDR_ANY;
}

// Every address of IPv6, which is every one of IPv4 as well.
Place AnyOfBoth(Place place) {
  const in_port_t port = PortOf(place);
  Place any{.size = sizeof(sockaddr_in6)};
  auto& v6 = reinterpret_cast<sockaddr_in6&>(any.address);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = port;
  return any;
}

void Switch(int fd, int level, int option, int value) {
  setsockopt(fd, level, option, &value, sizeof(value));
}

// The descriptor, or errno made negative.
int ListenOn(const Place& place, absl::Duration unacknowledged) {
  const int fd =
      socket(place.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (fd < 0) return -errno;
  // Connections that linger in TIME_WAIT do not occupy the port; another program's listener does.
  Switch(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (place.address.ss_family == AF_INET6) Switch(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  // What is accepted inherits these.
  Switch(fd, SOL_SOCKET, SO_RCVBUF, kUnreadBytesMax);
  Switch(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  Switch(fd, IPPROTO_TCP, TCP_USER_TIMEOUT,
         static_cast<int>(absl::ToInt64Milliseconds(unacknowledged)));
  if (bind(fd, reinterpret_cast<const sockaddr*>(&place.address), place.size) == 0 &&
      listen(fd, kBacklog) == 0) {
    return fd;
  }
  const int error = errno;
  close(fd);
  return -error;
}

// 0: the kernel does not tell.
int PortIn(int fd) {
  Place bound{.size = sizeof(sockaddr_storage)};
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound.address), &bound.size) != 0) return 0;
  return ntohs(PortOf(bound));
}

absl::Status Explain(const Address& address, int error) {
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

std::vector<Place> PlacesOf(const addrinfo& list) {
  std::vector<Place> places;
  for (const addrinfo* info = &list; info != nullptr; info = info->ai_next) {
    if (info->ai_family != AF_INET && info->ai_family != AF_INET6) continue;
    places.push_back(PlaceOf(*info));
  }
  return places;
}

void CloseAll(const std::vector<int>& fds) {
  for (const int fd : fds) close(fd);
}

struct Sockets {
  std::vector<int> fds;
  int port = 0;   // The same for all of them.
  int error = 0;  // The first; where a port is taken, that, and no sockets.
};

Sockets ListenOnAll(std::vector<Place> places, absl::Duration unacknowledged) {
  Sockets all;
  for (Place& place : places) {
    if (all.port != 0) PortOf(place) = htons(static_cast<in_port_t>(all.port));
    int fd = -EAFNOSUPPORT;
    if (IsAnyAddress(place)) {
      if (!all.fds.empty()) continue;  // That one is both.
      fd = ListenOn(AnyOfBoth(place), unacknowledged);
    }
    // Without IPv6 there is only the other one.
    if (fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL) fd = ListenOn(place, unacknowledged);
    if (fd == -EADDRINUSE) {
      CloseAll(all.fds);
      return {.fds = {}, .error = EADDRINUSE};
    }
    if (fd >= 0) {
      all.fds.push_back(fd);
      all.port = PortIn(fd);
    } else if (all.error == 0) {
      all.error = -fd;
    }
  }
  return all;
}

}  // namespace

absl::StatusOr<Listener> Listener::Open(const Address& address, absl::Duration unacknowledged) {
  const AddressList list = Resolve(address);
  if (list == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrFormat("'%s' is no address that can be listened on", address.host));
  }
  const std::vector<Place> places = PlacesOf(*list);
  Sockets sockets = ListenOnAll(places, unacknowledged);
  for (int i = 1; i < kTries && address.port == 0 && sockets.error == EADDRINUSE; ++i) {
    sockets = ListenOnAll(places, unacknowledged);
  }
  // One of a name's addresses is enough: localhost may stand for an IPv6 that is switched off.
  if (sockets.fds.empty()) return Explain(address, sockets.error);
  Listener listener;
  listener.fds_ = std::move(sockets.fds);
  listener.port_ = sockets.port;
  if (listener.port_ == 0) return absl::InternalError("a listening socket does not tell its port");
  return listener;
}

Listener::Listener(Listener&& other) noexcept
    : fds_(std::exchange(other.fds_, {})), port_(other.port_) {}

Listener::~Listener() { CloseAll(fds_); }

}  // namespace lethe::server
