// The signals that this process answers: waited for by one thread, seen by no other.
#ifndef LETHE_SERVER_START_SIGNALS_H_
#define LETHE_SERVER_START_SIGNALS_H_

#include <csignal>

#include "absl/time/time.h"

namespace lethe::server {

class Signals {
 public:
  enum class Came { kNothing, kEnd, kReadAgain };  // SIGTERM and SIGINT; SIGHUP.

  // To be made before any thread: those that libraries start inherit the mask.
  Signals();

  // The next one, or nothing after `time` (or, seldom, before).
  Came Wait(absl::Duration time) const;

 private:
  sigset_t signals_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_SIGNALS_H_
