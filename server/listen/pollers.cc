#include "server/listen/pollers.h"

#include <pthread.h>

namespace lethe::server {

Pollers::Pollers(int threads) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] {
      void* tag = nullptr;
      bool ok = false;
      while (queue_.Next(&tag, &ok)) {
      }
    });
    pthread_setname_np(threads_.back().native_handle(), "poller");
  }
}

Pollers::~Pollers() {
  queue_.Shutdown();
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace lethe::server
