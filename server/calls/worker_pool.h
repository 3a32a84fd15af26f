// A WorkerPool runs jobs on threads of its own behind a bounded queue.
//
// Nothing that syncs or takes long runs on gRPC's few threads, and no load makes the queue grow
// without end: a full queue refuses at once, and a job whose caller gave up waiting is refused
// instead of run. Callers take turns: whoever has a thousand jobs waiting holds up another's by the
// one that is being done. Thread-safe.
#ifndef LETHE_SERVER_CALLS_WORKER_POOL_H_
#define LETHE_SERVER_CALLS_WORKER_POOL_H_

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace lethe::server {

// What a job is told when its turn comes: OK, or why it is not to do its work. It is called exactly
// once either way, so whoever waits for it always gets an answer.
using Job = std::function<void(const absl::Status& turn)>;

class WorkerPool {
 public:
  struct Options {
    std::string name;  // For the operating system's lists of threads; at most 15 bytes.
    int threads = 1;
    std::size_t queue_max = 1;
  };

  WorkerPool(Options options, const Clock& clock);
  ~WorkerPool() { Close(); }

  // Queues `job` behind the others of its caller. When its turn comes after `deadline`, it is told
  // kDeadlinePassed. RESOURCE_EXHAUSTED (kQueueFull; never of a caller that has less
  // than its part of the queue waiting) or UNAVAILABLE (kShuttingDown): `job` will not be called.
  absl::Status Submit(const std::string& principal, absl::Time deadline, Job job);

  // Queues the next step of work that was admitted before, whatever the queue's length: work under
  // way must not die because others wait. Whoever admits work bounds how much there is.
  // UNAVAILABLE (kShuttingDown): `job` will not be called.
  absl::Status Continue(const std::string& principal, Job job);

  // Takes no more jobs, tells the queued ones kShuttingDown, waits for the running ones.
  void Close();

  std::size_t waiting() const;

 private:
  struct Entry {
    absl::Time deadline;
    Job job;
  };
  // What each caller waits for; only of those who wait.
  using Lines = std::map<std::string, std::list<Entry>>;

  absl::Status Push(const std::string& principal, Entry entry, std::size_t queue_max);
  void Run();
  bool Next(Entry& entry, absl::Status& turn);

  const Options options_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  Lines lines_ ABSL_GUARDED_BY(mutex_);
  std::deque<Lines::iterator> turns_ ABSL_GUARDED_BY(mutex_);  // Whose line is next, each once.
  std::size_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_WORKER_POOL_H_
