// Locks by subject: writers of one subject take turns, readers share. Striped, so that millions of
// subjects need 1,024 mutexes; two subjects on one stripe wait for each other now and then.
//
// Order: at most one stripe at a time, and before every other mutex of the vault.
#ifndef LETHE_VAULT_MEMORY_SUBJECT_LOCKS_H_
#define LETHE_VAULT_MEMORY_SUBJECT_LOCKS_H_

#include <array>

#include "absl/hash/hash.h"
#include "absl/synchronization/mutex.h"
#include "base/ids.h"

namespace lethe::vault::memory {

class SubjectLocks {
 public:
  class Exclusive {
   public:
    Exclusive(SubjectLocks& locks, const SubjectTag& subject) : lock_(&locks.Of(subject)) {}

   private:
    absl::WriterMutexLock lock_;
  };
  class Shared {
   public:
    Shared(SubjectLocks& locks, const SubjectTag& subject) : lock_(&locks.Of(subject)) {}

   private:
    absl::ReaderMutexLock lock_;
  };

 private:
  absl::Mutex& Of(const SubjectTag& subject) {
    return stripes_[absl::Hash<SubjectTag>()(subject) % stripes_.size()];
  }

  std::array<absl::Mutex, 1024> stripes_;
};

}  // namespace lethe::vault::memory

#endif  // LETHE_VAULT_MEMORY_SUBJECT_LOCKS_H_
