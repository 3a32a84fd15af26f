// What gRPC itself counts about a server's connections: which of them have finished their
// handshake, and how the streams of each ended. Through channelz, inside the process: no service is
// offered.
#ifndef LETHE_SERVER_LISTEN_SOCKET_COUNTS_H_
#define LETHE_SERVER_LISTEN_SOCKET_COUNTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lethe::server {

// Of one connection since it began.
struct StreamCounts {
  std::int64_t started = 0;
  std::int64_t answered = 0;
  std::int64_t failed = 0;  // Gone without an answer: reset by the peer, mostly.
};

// Of one grpc::Server. For one thread.
class SocketCounts {
 public:
  // Of the server of this process that was built last.
  static SocketCounts OfNewestServer();

  struct Socket {
    std::intptr_t id = 0;
    std::string peer;  // As PlainPeerName has it.
  };
  // The connections whose handshake is done; those that earlier calls told of may be left out.
  std::vector<Socket> Handshaken();

  // Nullopt where it is gone.
  static std::optional<StreamCounts> StreamsOf(std::intptr_t socket);

 private:
  explicit SocketCounts(std::intptr_t server) : server_(server) {}

  const std::intptr_t server_;
  std::intptr_t newest_ = 0;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_SOCKET_COUNTS_H_
