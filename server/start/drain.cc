#include "server/start/drain.h"

#include <algorithm>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "grpc/grpc.h"

namespace lethe::server {
namespace {

// How often the end of the last call is looked for.
constexpr absl::Duration kLooks = absl::Milliseconds(5);
// Several times to the other end of the world and back. Every peer that does not read its GOAWAY
// holds the end up for as long, so a request that is still on its way then is cut off.
constexpr absl::Duration kGoodbye = absl::Milliseconds(500);

}  // namespace

// Shutdown alone waits for connections until the deadline, whether or not they carry calls: for
// streams of health checks that never end, for peers that do not read their GOAWAY.
void Drain(grpc::Server& server, const UnderWay& under_way, absl::Duration drain) {
  const absl::Time end = absl::Now() + drain;
  absl::Notification gone;
  std::thread shutdown([&] {
    server.Shutdown(absl::ToChronoTime(end));
    gone.Notify();
  });
  absl::Time busy = absl::Now();
  while (!gone.WaitForNotificationWithTimeout(kLooks)) {
    if (!under_way.none()) busy = absl::Now();
    // The last answers are out, and whoever listens has hung up by itself.
    if (absl::Now() - busy >= std::min(kGoodbye, drain)) {
      grpc_server_cancel_all_calls(server.c_server());
      break;
    }
  }
  shutdown.join();
}

}  // namespace lethe::server
