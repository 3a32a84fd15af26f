// Threads that wait for what comes on connections, beside gRPC's own.
//
// gRPC reads a connection for as long as bytes are there and goes back to the others only then, and
// it has two threads for that where there are two processors: two senders of megabytes would make
// everybody else wait for theirs. Whoever waits in any completion queue takes part in the waiting
// for all connections (gRPC's engine epoll1), and reads them. What is read whole is handed to our
// code by gRPC's own threads alone; so a call still waits where both of those are reading.
#ifndef LETHE_SERVER_LISTEN_POLLERS_H_
#define LETHE_SERVER_LISTEN_POLLERS_H_

#include <thread>
#include <vector>

#include "grpcpp/completion_queue.h"

namespace lethe::server {

class Pollers {
 public:
  explicit Pollers(int threads);
  ~Pollers();
  Pollers(const Pollers&) = delete;
  Pollers& operator=(const Pollers&) = delete;

 private:
  grpc::CompletionQueue queue_;  // That nothing is ever put in.
  std::vector<std::thread> threads_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_POLLERS_H_
