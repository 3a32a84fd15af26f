// What the last look at the holders found, and whether it still stands: nothing is written that the
// next start could not open.
#ifndef LETHE_VAULT_KEYTREE_HOLDER_WATCH_H_
#define LETHE_VAULT_KEYTREE_HOLDER_WATCH_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "vault/holders/holder_set.h"

namespace lethe::vault::keytree {

class HolderWatch {
 public:
  // By the one thread that talks to holders. True: one is behind, and joining mends it.
  bool Look(holders::HolderSet& holders, const holders::SlotContent& current);

  // From any thread ------------------------------------------------------------------------------
  // A holder that had the root at the last look is where the next start will look, as of now. Asks
  // the system twice a holder, until one is found.
  bool Stands() const;
  // A line for every holder that is lost, as of the last look.
  std::vector<std::string> lost() const;
  // UNAVAILABLE (kHolderUnreachable): why nothing is written.
  absl::Status Refusal() const;

 private:
  std::shared_ptr<const holders::HolderSet::Look> last() const ABSL_LOCKS_EXCLUDED(mutex_);

  mutable absl::Mutex mutex_;
  // Taken and put as one, so that nobody waits for a file system with the mutex held.
  std::shared_ptr<const holders::HolderSet::Look> last_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_HOLDER_WATCH_H_
