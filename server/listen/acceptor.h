// An Acceptor accepts connections on a thread of its own and hands them to gRPC.
//
// gRPC 1.51's accept loop ends for good at the end of the descriptor table, counts nobody and lets
// a peer reset calls without end. This one keeps limits, leaves the vault its descriptors, goes on
// by itself after any shortage, and cuts off who abuses the protocol.
#ifndef LETHE_SERVER_LISTEN_ACCEPTOR_H_
#define LETHE_SERVER_LISTEN_ACCEPTOR_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "base/clock.h"
#include "grpcpp/server_builder.h"
#include "server/listen/connection_table.h"
#include "server/listen/descriptor.h"
#include "server/listen/hold_out.h"
#include "server/listen/listener.h"
#include "server/listen/peer_watch.h"
#include "server/listen/sparse_log.h"

namespace lethe::server {

using Door = grpc::experimental::ExternalConnectionAcceptor;

// The way into the server that `builder` is about to build, for connections accepted here.
std::unique_ptr<Door> OpenDoor(grpc::ServerBuilder& builder,
                               std::shared_ptr<grpc::ServerCredentials> credentials);

class Acceptor {
 public:
  struct Options {
    std::string port_name;  // For the log: "main", "health".
    ConnectionLimits limits;
    // Whether a connection that gRPC lists has proven who it is: where every handshake is TLS.
    bool handshake_proves = true;
  };

  // `door` (OpenDoor) is of the server that was built last. Everything handed in outlives the
  // Acceptor. RESOURCE_EXHAUSTED: too few descriptors (kDescriptorReserve), or none is watched.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Start(Options options, Listener listener,
                                                         std::unique_ptr<Door> door, const Log& log,
                                                         const Clock& clock);
  ~Acceptor() { Stop(); }

  // Nobody is accepted any more; those who are connected stay. Before the server shuts down.
  void Stop();

  int port() const { return port_; }
  // Since its thread last came round: it does so several times a second. Any thread.
  absl::Duration SilentFor() const;

 private:
  Acceptor(Options options, Listener listener, std::unique_ptr<Door> door, const Log& log,
           const Clock& clock);

  bool WatchOwn() const;

  // Everything below is its thread's own.
  void Run();
  bool IsListening(int fd) const;
  void AcceptAll(int listening);
  // False: there is nothing more to accept now.
  bool AcceptOne(int listening);
  bool DescriptorsFit();
  bool IsShort() const { return short_since_ != absl::InfiniteDuration(); }
  bool OnAcceptError(int listening, int error);
  void Take(Descriptor connection, Peer peer);
  bool MakeWay(const Peer& peer);
  void OnHangUp(int fd);
  void CutOff(int fd);
  void Tick();
  void CutOffAbusers(const std::vector<ConnectionTable::Id>& ids, absl::Duration now);
  void Listen(bool on);

  const Options options_;
  std::optional<Listener> listener_;
  const int port_;
  const std::unique_ptr<Door> door_;
  const Clock& clock_;
  SparseLog log_;
  Descriptor epoll_;
  Descriptor stop_;  // An eventfd.
  Descriptor
      spare_;  // Given up for the moment in which a connection is accepted only to be closed.
  ConnectionTable table_;
  std::unordered_map<int, Descriptor> held_;  // Ours of each connection, by its number.
  PeerWatch watch_;
  HoldOut hold_out_;
  bool listening_ = true;
  int crowded_accepts_ = 0;  // Since the last tick.
  absl::Duration ticked_;
  absl::Duration looked_;                                  // For handshakes.
  absl::Duration short_since_ = absl::InfiniteDuration();  // Of descriptors.
  absl::Duration newcomers_looked_;
  std::atomic<std::int64_t> came_round_ns_;
  std::thread thread_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_ACCEPTOR_H_
