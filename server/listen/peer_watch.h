// What the acceptor's connections do once gRPC has them: which have proven who they are, and which
// abuse the protocol.
#ifndef LETHE_SERVER_LISTEN_PEER_WATCH_H_
#define LETHE_SERVER_LISTEN_PEER_WATCH_H_

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/time/time.h"
#include "server/listen/connection_table.h"
#include "server/listen/reset_watch.h"
#include "server/listen/socket_counts.h"

namespace lethe::server {

// For one thread.
class PeerWatch {
 public:
  PeerWatch(ConnectionTable& table, SocketCounts counts, bool handshake_proves)
      : table_(table), counts_(counts), handshake_proves_(handshake_proves) {}

  // Proves whom gRPC lists.
  void LookForHandshakes(absl::Duration now);
  // A connection that has just come is looked into often: who was cut off comes again.
  void Watch(ConnectionTable::Id id, absl::Duration now);
  void Forget(ConnectionTable::Id id);

  // Whose connections are to be cut off. Only those that sent much since the last look are looked
  // into.
  std::vector<ConnectionTable::Id> FindAbusers(absl::Duration now);
  // The same among newcomers alone, so that it can be asked ten times as often.
  std::vector<ConnectionTable::Id> FindAbusersAmongNewcomers(absl::Duration now);
  bool has_newcomers() const { return !newcomers_.empty(); }

 private:
  struct Watched {
    explicit Watched(absl::Duration now) : came(now), resets(now) {}
    absl::Duration came;
    std::intptr_t socket = 0;  // gRPC's number; 0: not known yet.
    std::uint64_t received_bytes = 0;
    absl::Duration look_until;
    ResetWatch resets;
  };

  // Whether it has sent much since it was last asked.
  static bool SentMuch(ConnectionTable::Id id, Watched& watched);
  std::vector<ConnectionTable::Id> AbusersOf(std::vector<ConnectionTable::Id> ids,
                                             absl::Duration now);

  ConnectionTable& table_;
  SocketCounts counts_;
  const bool handshake_proves_;
  std::unordered_map<ConnectionTable::Id, Watched> watched_;
  std::unordered_set<ConnectionTable::Id> newcomers_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_PEER_WATCH_H_
