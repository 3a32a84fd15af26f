// A StatusWatch asks a KMS plugin on a thread of its own how it is, so that a silent one and a key
// rotated at the service are known before anybody needs it. No call waits for it. Thread-safe.
#ifndef LETHE_SERVER_KMS_STATUS_WATCH_H_
#define LETHE_SERVER_KMS_STATUS_WATCH_H_

#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/kms/plugin_client.h"

namespace lethe::server::kms {

// What was seen last.
struct Sighting {
  absl::Status health = absl::UnknownError("not asked yet");
  std::string key_id;  // Of the last healthy answer; empty: there was none.
};

class StatusWatch {
 public:
  // As Kubernetes asks its plugins.
  struct Pace {
    absl::Duration healthy = absl::Seconds(60);
    absl::Duration unwell = absl::Seconds(10);
  };
  // Told on the watch's thread of the first sighting and of each that differs from the one before
  // in whether it is well or in its key.
  using Observer = std::function<void(const Sighting& now)>;

  // Starts asking at once. `client` outlives the watch.
  StatusWatch(PluginClient& client, const Pace& pace, Observer observer);
  // Closes the client, so that a call under way does not hold it up.
  ~StatusWatch();
  StatusWatch(const StatusWatch&) = delete;
  StatusWatch& operator=(const StatusWatch&) = delete;

  Sighting Last() const;

 private:
  void Run();
  void Look();

  PluginClient& client_;
  const Pace pace_;
  const Observer observer_;
  mutable absl::Mutex mutex_;
  Sighting last_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace lethe::server::kms

#endif  // LETHE_SERVER_KMS_STATUS_WATCH_H_
