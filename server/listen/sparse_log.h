// One line now and then about what a flood repeats thousands of times, with how often it happened.
#ifndef LETHE_SERVER_LISTEN_SPARSE_LOG_H_
#define LETHE_SERVER_LISTEN_SPARSE_LOG_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "server/telling/log.h"

namespace lethe::server {

// For one thread.
class SparseLog {
 public:
  // The first of a kind is told at once, the rest at most this often.
  static constexpr absl::Duration kEvery = absl::Seconds(10);

  SparseLog(const Log& log, std::string_view port) : log_(log), port_(port) {}

  // `why` is a literal.
  void Count(std::string_view event, std::string_view why, absl::Duration now);
  // Tells what was counted since; to be called now and then, and with InfiniteDuration at the end.
  void Flush(absl::Duration now);

 private:
  struct Kind {
    std::int64_t count = 0;
    absl::Duration told = -absl::InfiniteDuration();
  };

  const Log& log_;
  const std::string port_;
  std::map<std::pair<std::string_view, std::string_view>, Kind> kinds_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_LISTEN_SPARSE_LOG_H_
