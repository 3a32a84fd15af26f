#include "server/calls/worker_pool.h"

#include <pthread.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/reason.h"

namespace lethe::server {

WorkerPool::WorkerPool(Options options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {
  LETHE_CHECK(options_.threads > 0 && options_.queue_max > 0);
  for (int i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { Run(); });
    pthread_setname_np(threads_.back().native_handle(), options_.name.substr(0, 15).c_str());
  }
}

absl::Status WorkerPool::Push(const std::string& principal, Entry entry, std::size_t queue_max) {
  absl::MutexLock hold(&mutex_);
  if (closed_) return Refuse(Reason::kShuttingDown, "the server is shutting down");
  const auto found = lines_.try_emplace(principal).first;
  std::list<Entry>& line = found->second;
  // A full queue is full for those who have their part of it or more.
  if (waiting_ >= queue_max && line.size() >= std::max<std::size_t>(1, queue_max / lines_.size())) {
    return Refuse(Reason::kQueueFull, "the server has as much to do as it will queue");
  }
  if (line.empty()) turns_.push_back(found);
  line.push_back(std::move(entry));
  ++waiting_;
  return absl::OkStatus();
}

absl::Status WorkerPool::Submit(const std::string& principal, absl::Time deadline, Job job) {
  return Push(principal, {deadline, std::move(job)}, options_.queue_max);
}

absl::Status WorkerPool::Continue(const std::string& principal, Job job) {
  return Push(principal, {absl::InfiniteFuture(), std::move(job)},
              std::numeric_limits<std::size_t>::max());
}

// False when there is nothing left to do for good.
bool WorkerPool::Next(Entry& entry, absl::Status& turn) {
  absl::MutexLock hold(&mutex_);
  const auto ready = [this]()
                         ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return closed_ || waiting_ > 0; };
  mutex_.Await(absl::Condition(&ready));
  if (waiting_ == 0) return false;
  const Lines::iterator line = turns_.front();
  turns_.pop_front();
  entry = std::move(line->second.front());
  line->second.pop_front();
  --waiting_;
  if (line->second.empty()) {
    lines_.erase(line);
  } else {
    turns_.push_back(line);
  }
  turn = closed_ ? Refuse(Reason::kShuttingDown, "the server is shutting down") : absl::OkStatus();
  return true;
}

void WorkerPool::Run() {
  Entry entry;
  absl::Status turn;
  while (Next(entry, turn)) {
    if (turn.ok() && clock_.Now() >= entry.deadline) {
      turn = Refuse(Reason::kDeadlinePassed, "the deadline passed while the call was queued");
    }
    entry.job(turn);
    entry.job = nullptr;  // What it holds is freed now, not when the next job comes.
  }
}

void WorkerPool::Close() {
  {
    absl::MutexLock hold(&mutex_);
    closed_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t WorkerPool::waiting() const {
  absl::MutexLock hold(&mutex_);
  return waiting_;
}

}  // namespace lethe::server
