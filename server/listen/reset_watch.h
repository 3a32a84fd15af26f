// Rapid reset (CVE-2023-44487): calls that are begun and reset before their answer cost the server
// and not the caller. gRPC 1.51 lets a connection do so without end; this says when one has done it
// too often.
#ifndef LETHE_SERVER_LISTEN_RESET_WATCH_H_
#define LETHE_SERVER_LISTEN_RESET_WATCH_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "server/listen/socket_counts.h"

namespace lethe::server {

// What a connection may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS).
inline constexpr std::int64_t kOpenStreamsMax = 256;

// Of one connection.
class ResetWatch {
 public:
  // A caller that gives up after its deadline resets too: so many within the window, and more than
  // half of its calls, is nobody's deadlines.
  static constexpr std::int64_t kResetsMax = 200;
  static constexpr absl::Duration kWindow = absl::Seconds(10);

  explicit ResetWatch(absl::Duration start) : window_start_(start) {}

  // Whether the connection is to be cut off. To be asked while its peer sends; `now` never goes
  // back.
  bool IsAbuse(const StreamCounts& counts, absl::Duration now) {
    if (now - window_start_ >= kWindow) {
      at_start_ = counts;
      window_start_ = now;
    }
    const std::int64_t resets = ResetsIn(counts) - ResetsIn(at_start_);
    const std::int64_t started = counts.started - at_start_.started;
    return resets > kResetsMax && 2 * resets > started;
  }

 private:
  // gRPC counts a stream as failed only when it clears it away, and in a flood that comes late:
  // what it has in hand beyond what may be open was reset as well.
  static std::int64_t ResetsIn(const StreamCounts& counts) {
    const std::int64_t in_hand = counts.started - counts.answered - counts.failed;
    return counts.failed + std::max<std::int64_t>(0, in_hand - kOpenStreamsMax);
  }

  absl::Duration window_start_;
  StreamCounts at_start_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_RESET_WATCH_H_
