// Erasure (Art. 17) and its receipts.
//
// An erase holds the subject's lock while it decides and plans, then lets go: the subject is marked
// as being erased, so nothing about it changes, and its stripe's neighbours need not wait for the
// holders.
#ifndef LETHE_VAULT_CALLS_ERASE_CALLS_H_
#define LETHE_VAULT_CALLS_ERASE_CALLS_H_

#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "vault/calls/desk.h"

namespace lethe::vault::calls {

class EraseCalls {
 public:
  // `work_waits` is called when an erase has left something to clear up.
  EraseCalls(Desk& desk, std::function<void()> work_waits)
      : desk_(desk), s_(desk.s), work_waits_(std::move(work_waits)) {}

  absl::StatusOr<Erasure> Erase(const Caller& caller, const EraseRequest& request);
  absl::StatusOr<Erasure> GetErasure(const Caller& caller, const ReceiptTag& receipt);

  // Of a subject that an earlier erase, or its tenant's offboarding, has left in part: erases what
  // no duty of law keeps any more. Nobody asks for it, and mostly there is nothing to do.
  absl::Status EraseWhatEnded(const records::TenantHandle& tenant, const SubjectTag& subject);

  // Ends the erases that a silent holder kept open and that are resolved by now.
  void FinishUnresolved();

 private:
  // An erase on its way.
  struct Run {
    records::TenantHandle tenant;
    rights::PreparedErase prepared;
    std::vector<keytree::Place> leaves;
    bool was_withheld = false;  // A partial erase came before.
    std::vector<records::IdentifierTable::Fingerprint> gone;
    std::vector<records::IdentifierTable::Fingerprint> kept;
  };

  absl::StatusOr<Erasure> Replay(Call& call, const records::RequestRow& before,
                                 const EraseRequest& request);
  absl::StatusOr<Erasure> Rehearse(Call& call, const EraseRequest& request);
  absl::StatusOr<records::OpenSubject> LoadForErase(Call& call, const Target& target,
                                                    const EraseRequest& request);
  // Decides, plans and marks the subject. On OK it is being erased until End.
  absl::StatusOr<Run> Begin(Call& call, const EraseRequest& request, records::RequestId& id);
  // The same once it is planned. `id`: null where nobody asked.
  absl::StatusOr<Run> Mark(Call& call, records::OpenSubject& subject, const rights::ErasePlan& plan,
                           const EraseRequest& request, records::RequestId* id);
  absl::StatusOr<Erasure> RunShred(Run run);
  void End(const Run& run, bool erased);
  // Its shred is prepared or queued: the tree holds its leaves back.
  bool IsUnderWay(const Run& run) const;

  Desk& desk_;
  Stores& s_;
  const std::function<void()> work_waits_;
  absl::Mutex mutex_;
  std::vector<Run> unresolved_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_ERASE_CALLS_H_
