#include "server/listen/peer_watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace lethe::server {
namespace {

// A call that is begun and reset takes thirty bytes on the wire.
constexpr std::uint64_t kSuspiciousBytes = 2048;

// What the kernel has received, gRPC takes in later.
constexpr absl::Duration kLookOn = absl::Seconds(5);

std::uint64_t ReceivedBytes(int fd) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_received;
}

}  // namespace

void PeerWatch::LookForHandshakes(absl::Duration now) {
  for (const SocketCounts::Socket& socket : counts_.Handshaken()) {
    const ConnectionTable::Id id = table_.FindPeer(socket.peer);
    if (id < 0) continue;
    if (handshake_proves_) table_.Prove(id);
    watched_.try_emplace(id, now).first->second.socket = socket.id;
  }
}

std::vector<ConnectionTable::Id> PeerWatch::FindAbusers(absl::Duration now) {
  std::vector<ConnectionTable::Id> busy;
  bool unknown = false;
  for (const auto& [id, connection] : table_.connections()) {
    Watched& watched = watched_.try_emplace(id, now).first->second;
    const std::uint64_t received = ReceivedBytes(id);
    if (received >= watched.received_bytes + kSuspiciousBytes) {
      watched.received_bytes = received;
      watched.look_until = now + kLookOn;
    }
    if (now >= watched.look_until) continue;
    unknown = unknown || watched.socket == 0;
    busy.push_back(id);
  }
  if (unknown) LookForHandshakes(now);
  std::erase_if(busy, [&](ConnectionTable::Id id) {
    Watched& watched = watched_.at(id);
    if (watched.socket == 0) return true;
    const auto streams = SocketCounts::StreamsOf(watched.socket);
    return !streams.has_value() || !watched.resets.IsAbuse(*streams, now);
  });
  return busy;
}

}  // namespace lethe::server
