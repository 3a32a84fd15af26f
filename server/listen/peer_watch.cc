#include "server/listen/peer_watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace lethe::server {
namespace {

// A call that is begun and reset takes thirty bytes on the wire.
constexpr std::uint64_t kSuspiciousBytes = 2048;

// What the kernel has received, gRPC takes in later.
constexpr absl::Duration kLookOn = absl::Seconds(5);

// So long a connection is new: the cost of looking often stays that of those who come.
constexpr absl::Duration kNewcomer = absl::Seconds(1);

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

void PeerWatch::Watch(ConnectionTable::Id id, absl::Duration now) {
  watched_.try_emplace(id, now);
  newcomers_.insert(id);
}

void PeerWatch::Forget(ConnectionTable::Id id) {
  watched_.erase(id);
  newcomers_.erase(id);
}

bool PeerWatch::SentMuch(ConnectionTable::Id id, Watched& watched) {
  const std::uint64_t received = ReceivedBytes(id);
  if (received < watched.received_bytes + kSuspiciousBytes) return false;
  watched.received_bytes = received;
  return true;
}

std::vector<ConnectionTable::Id> PeerWatch::FindAbusers(absl::Duration now) {
  std::vector<ConnectionTable::Id> busy;
  for (const auto& [id, connection] : table_.connections()) {
    Watched& watched = watched_.try_emplace(id, now).first->second;
    if (SentMuch(id, watched)) watched.look_until = now + kLookOn;
    if (now < watched.look_until) busy.push_back(id);
  }
  return AbusersOf(std::move(busy), now);
}

std::vector<ConnectionTable::Id> PeerWatch::FindAbusersAmongNewcomers(absl::Duration now) {
  std::erase_if(newcomers_,
                [&](ConnectionTable::Id id) { return now - watched_.at(id).came > kNewcomer; });
  std::vector<ConnectionTable::Id> busy;
  for (const ConnectionTable::Id id : newcomers_) {
    Watched& watched = watched_.at(id);
    if (!SentMuch(id, watched)) continue;
    watched.look_until = now + kLookOn;
    busy.push_back(id);
  }
  return AbusersOf(std::move(busy), now);
}

std::vector<ConnectionTable::Id> PeerWatch::AbusersOf(std::vector<ConnectionTable::Id> ids,
                                                      absl::Duration now) {
  const auto is_unknown = [this](ConnectionTable::Id id) { return watched_.at(id).socket == 0; };
  if (std::ranges::any_of(ids, is_unknown)) LookForHandshakes(now);
  std::erase_if(ids, [&](ConnectionTable::Id id) {
    Watched& watched = watched_.at(id);
    if (watched.socket == 0) return true;
    const auto streams = SocketCounts::StreamsOf(watched.socket);
    return !streams.has_value() || !watched.resets.IsAbuse(*streams, now);
  });
  return ids;
}

}  // namespace lethe::server
