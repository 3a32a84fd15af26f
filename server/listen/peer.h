// Who is at the other end of a connection, as far as its address says.
#ifndef LETHE_SERVER_LISTEN_PEER_H_
#define LETHE_SERVER_LISTEN_PEER_H_

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace lethe::server {

struct Peer {
  std::string name;     // "ipv4:192.0.2.1:40000", "ipv6:[2001:db8::1]:40000"
  std::string network;  // What its limits hang on: the address; of IPv6 the /64, one site's own.
};

Peer PeerOf(const sockaddr_storage& address);

// gRPC's name of a peer as a Peer has it: gRPC escapes brackets, and tells the zone of a link-local
// address.
std::string PlainPeerName(std::string_view grpc_name);

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_PEER_H_
