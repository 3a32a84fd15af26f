#include "server/kms/status_watch.h"

#include <utility>

namespace lethe::server::kms {

StatusWatch::StatusWatch(PluginClient& client, const Pace& pace, Observer observer)
    : client_(client), pace_(pace), observer_(std::move(observer)), thread_([this] { Run(); }) {}

StatusWatch::~StatusWatch() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  client_.Close();
  thread_.join();
}

Sighting StatusWatch::Last() const {
  const absl::MutexLock lock(&mutex_);
  return last_;
}

void StatusWatch::Run() {
  const auto ending = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return ending_; };
  while (true) {
    Look();
    const absl::MutexLock lock(&mutex_);
    const absl::Duration pause = last_.health.ok() ? pace_.healthy : pace_.unwell;
    if (mutex_.AwaitWithTimeout(absl::Condition(&ending), pause)) return;
  }
}

void StatusWatch::Look() {
  const auto state = client_.GetStatus();
  Sighting now;
  {
    const absl::MutexLock lock(&mutex_);
    if (ending_) return;
    now = {state.status(), state.ok() ? state->key_id : last_.key_id};
    const bool first = last_.health.code() == absl::StatusCode::kUnknown;
    const bool same = now.health.ok() == last_.health.ok() && now.key_id == last_.key_id;
    last_ = now;
    if (same && !first) return;
  }
  if (observer_) observer_(now);
}

}  // namespace lethe::server::kms
