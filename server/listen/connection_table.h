// Who is connected, and who may still come in.
//
// A connection is *unproven* from its accept until its handshake is known to be done, so that those
// who cannot prove who they are hold a few places and never all. Knows no sockets: the acceptor
// closes what the table says.
#ifndef LETHE_SERVER_LISTEN_CONNECTION_TABLE_H_
#define LETHE_SERVER_LISTEN_CONNECTION_TABLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "server/listen/peer.h"

namespace lethe::server {

struct ConnectionLimits {
  int total = 0;
  int per_network = 0;
  int unproven = 0;
  // Full means that the oldest goes, whoever it is: of a port where nobody proves anything.
  bool oldest_goes = false;
};

// Why a connection was refused or had to go; for the log.
enum class Crowd { kNone, kTotal, kNetwork, kUnproven };
std::string_view NameOf(Crowd crowd);

class ConnectionTable {
 public:
  using Id = int;

  explicit ConnectionTable(const ConnectionLimits& limits) : limits_(limits) {}

  struct Verdict {
    bool admitted = false;
    Crowd crowd = Crowd::kNone;  // Whose limit was met, also where another went for it.
    std::vector<Id> to_close;    // Already removed here.
  };
  // Whether one more connection of `peer` may come in, and who goes for it: the oldest unproven one
  // of its own network where that has all it may, else of the network that has most of them, so
  // that a crowd pays for itself.
  Verdict Admit(const Peer& peer);
  // Whether Admit would meet a limit.
  bool IsCrowded(const Peer& peer) const;

  void Add(Id id, Peer peer, absl::Duration now);
  void Remove(Id id);
  void Prove(Id id);
  // Everything that came before `time`: gRPC has cut off what did not finish its handshake by then.
  void ProveAllBefore(absl::Duration time);

  struct Connection {
    Peer peer;
    absl::Duration since;
    std::uint64_t number = 0;
    bool proven = false;
  };
  const std::unordered_map<Id, Connection>& connections() const { return connections_; }
  // -1: none.
  Id FindPeer(const std::string& name) const;
  int unproven() const { return static_cast<int>(unproven_.size()); }

 private:
  struct Network {
    int total = 0;
    int unproven = 0;
  };

  bool NetworkIsFull(const std::string& network) const;
  bool IsFull() const { return static_cast<int>(connections_.size()) >= limits_.total; }
  // -1: none.
  Id OldestUnprovenOf(const std::string& network) const;
  Id OldestUnprovenOfTheLargest() const;

  const ConnectionLimits limits_;
  std::uint64_t accepted_ = 0;
  std::unordered_map<Id, Connection> connections_;
  std::unordered_map<std::string, Id> by_peer_;
  std::map<std::uint64_t, Id> by_age_;    // By number.
  std::map<std::uint64_t, Id> unproven_;  // By number.
  std::unordered_map<std::string, Network> networks_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_CONNECTION_TABLE_H_
