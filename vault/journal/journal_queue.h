// What waits for the thread that writes the journal: its callers fill it, the thread empties it.
#ifndef LETHE_VAULT_JOURNAL_JOURNAL_QUEUE_H_
#define LETHE_VAULT_JOURNAL_JOURNAL_QUEUE_H_

#include <atomic>
#include <deque>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "base/reason.h"
#include "vault/journal/journal_group.h"

namespace lethe::vault {

// Work to run between two groups.
struct JournalPause {
  const std::function<absl::Status()>& run;
  absl::Status result;
  absl::Notification done;
};

struct JournalQueue {
  absl::Mutex mutex;
  absl::CondVar work_waits;
  std::deque<PendingCommit*> commits ABSL_GUARDED_BY(mutex);
  std::deque<JournalPause*> pauses ABSL_GUARDED_BY(mutex);
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  // Set under the mutex, with the queue emptied: nothing joins it afterwards.
  std::atomic<bool> sealed = false;
};

inline absl::Status JournalSealed() {
  return Refuse(Reason::kSealed,
                "an earlier write failed: the vault takes no more until a restart");
}

}  // namespace lethe::vault

#endif  // LETHE_VAULT_JOURNAL_JOURNAL_QUEUE_H_
