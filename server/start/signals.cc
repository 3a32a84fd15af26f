#include "server/start/signals.h"

#include <pthread.h>

#include <ctime>

namespace lethe::server {

Signals::Signals() {
  sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals_, signal);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

Signals::Came Signals::Wait(absl::Duration time) const {
  const timespec limit = absl::ToTimespec(time);
  const int signal = sigtimedwait(&signals_, nullptr, &limit);
  if (signal <= 0) return Came::kNothing;
  return signal == SIGHUP ? Came::kReadAgain : Came::kEnd;
}

}  // namespace lethe::server
