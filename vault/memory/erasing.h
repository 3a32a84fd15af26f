// Which subjects are being erased right now. Between the decision and the last holder's answer
// their leaves are dying: whatever needs them is refused, without waiting for the shred.
#ifndef LETHE_VAULT_MEMORY_ERASING_H_
#define LETHE_VAULT_MEMORY_ERASING_H_

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "base/ids.h"

namespace lethe::vault::memory {

// Thread-safe. Begin under the subject's exclusive lock, so that no reader is half-way.
class Erasing {
 public:
  void Begin(const SubjectTag& subject) {
    absl::MutexLock lock(&mutex_);
    subjects_.insert(subject);
  }
  void End(const SubjectTag& subject) {
    absl::MutexLock lock(&mutex_);
    subjects_.erase(subject);
  }
  bool Contains(const SubjectTag& subject) const {
    absl::ReaderMutexLock lock(&mutex_);
    return subjects_.contains(subject);
  }

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_set<SubjectTag> subjects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::memory

#endif  // LETHE_VAULT_MEMORY_ERASING_H_
