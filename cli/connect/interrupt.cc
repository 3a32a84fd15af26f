#include "cli/connect/interrupt.h"

#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "cli/output/exit_code.h"

namespace lethe::cli {
namespace {

struct Waiting {
  absl::Mutex mutex;
  bool raised ABSL_GUARDED_BY(mutex) = false;
  std::function<void()> cancel ABSL_GUARDED_BY(mutex);
};

// Never destroyed: the watching thread lives as long as the process.
Waiting& TheWaiting() {
  static Waiting* const kWaiting = new Waiting;
  return *kWaiting;
}

sigset_t Signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void Interrupt::Install() {
  const sigset_t set = Signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread(&Interrupt::Watch).detach();
}

void Interrupt::Watch() {
  const sigset_t set = Signals();
  for (int signal = 0; sigwait(&set, &signal) == 0;) {
    const absl::MutexLock lock(&TheWaiting().mutex);
    if (TheWaiting().raised || !TheWaiting().cancel) {
      _exit(static_cast<int>(ExitCode::kInterrupted));
    }
    TheWaiting().raised = true;
    TheWaiting().cancel();
  }
}

bool Interrupt::Raised() {
  const absl::MutexLock lock(&TheWaiting().mutex);
  return TheWaiting().raised;
}

Interrupt::Scope::Scope(std::function<void()> cancel) {
  const absl::MutexLock lock(&TheWaiting().mutex);
  TheWaiting().cancel = std::move(cancel);
}

Interrupt::Scope::~Scope() {
  const absl::MutexLock lock(&TheWaiting().mutex);
  TheWaiting().cancel = nullptr;
}

}  // namespace lethe::cli
