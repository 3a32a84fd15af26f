// Erasure (Art. 17) and its receipts.
//
// An erase holds the subject's lock while it decides and plans, then lets go: the subject is marked
// as being erased, so nothing about it changes, and its stripe's neighbours need not wait for the
// holders.
#ifndef LETHE_VAULT_ERASURE_ERASE_CALLS_H_
#define LETHE_VAULT_ERASURE_ERASE_CALLS_H_

#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "vault/calls/once_only.h"
#include "vault/chores/chore.h"
#include "vault/erasure/erasure_stores.h"
#include "vault/erasure/scheduled_erases.h"
#include "vault/vault.h"

namespace lethe::vault::erasure {

class EraseCalls : public virtual Rights {
 public:
  // `work_waits` is called when an erase has left something to clear up.
  EraseCalls(calls::Desk& desk, const ErasureStores& erasures, std::function<void()> work_waits)
      : desk_(desk),
        stores_(desk.stores),
        erasures_(erasures),
        work_waits_(std::move(work_waits)) {}

  absl::StatusOr<Erasure> EraseSubject(const Caller& caller, const EraseRequest& request) override;
  absl::StatusOr<Erasure> GetErasure(const Caller& caller, const ReceiptTag& receipt) override;

  // The caller takes an erase back that the policy's undo window has put off.
  absl::StatusOr<Subject> UndoErasure(const Caller& caller, const SubjectTag& subject) override;
  // Runs what was put off until now.
  chores::Chore ScheduledChore();

  // Of a subject that an earlier erase, or its tenant's offboarding, has left in part: erases what
  // no duty of law keeps any more. Nobody asks for it, and mostly there is nothing to do.
  absl::Status EraseWhatEnded(const tenants::TenantHandle& tenant, const SubjectTag& subject);

  // Ends the erases that a silent holder kept open and that are resolved by now.
  chores::Chore UnresolvedChore();

 private:
  // An erase on its way.
  struct Run {
    tenants::TenantHandle tenant;
    PreparedErase prepared;
    std::vector<Place> leaves;
    bool was_withheld = false;   // A partial erase came before.
    bool was_scheduled = false;  // Its identifiers were given up then.
    std::vector<memory::IdentifierTable::Fingerprint> gone;
    std::vector<memory::IdentifierTable::Fingerprint> kept;
  };

  static records::BodyMac MacOfErase(const tenants::Tenant& tenant, const EraseRequest& request);
  // What a repetition of the request is answered by.
  static records::RequestRow RowOf(const tenants::Tenant& tenant, const EraseRequest& request,
                                   const Erasure& erasure);
  absl::StatusOr<Erasure> Replay(calls::Call& call, const records::RequestRow& before,
                                 const EraseRequest& request);
  absl::StatusOr<Erasure> Preview(calls::Call& call, const EraseRequest& request);
  absl::StatusOr<records::OpenSubject> LoadForErase(calls::Call& call, const calls::Target& target,
                                                    const EraseRequest& request);
  // Decides, plans and marks the subject. On OK it is being erased until End.
  absl::StatusOr<Run> Begin(calls::Call& call, const EraseRequest& request,
                            const calls::OnceOnly& once);
  // The same when it is planned. `once`: null where nobody asked.
  absl::StatusOr<Run> Mark(calls::Call& call, records::OpenSubject& subject, const ErasePlan& plan,
                           const EraseRequest& request, const calls::OnceOnly* once,
                           const ReceiptTag& receipt = {});
  // erase_schedule.cc: puts the erase off, and takes it back.
  absl::StatusOr<Erasure> Schedule(calls::Call& call, const EraseRequest& request, absl::Time time,
                                   const calls::OnceOnly& once);
  absl::StatusOr<Erasure> Scheduled(const calls::Call& call, const ReceiptTag& receipt) const;
  absl::StatusOr<bool> RunScheduled(chores::Round& round);
  absl::Status RunOneScheduled(const tenants::TenantHandle& tenant,
                               const ScheduledErase& scheduled);
  void FinishUnresolved(chores::Round& round);
  absl::StatusOr<std::vector<Place>> UndoOnce(calls::Call& call, const SubjectTag& tag,
                                              Subject& after);
  absl::StatusOr<Erasure> RunShred(Run run);
  void End(const Run& run, bool erased);
  // Its shred is prepared or queued: the tree holds its leaves back.
  bool IsUnderWay(const Run& run) const;

  calls::Desk& desk_;
  calls::Stores& stores_;
  const ErasureStores& erasures_;
  const std::function<void()> work_waits_;
  absl::Mutex mutex_;
  std::vector<Run> unresolved_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_ERASE_CALLS_H_
