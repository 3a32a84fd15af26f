// Hygiene: deletes, after the fact and in small steps, what an erase has made unreadable. It makes
// nothing more secret; it gives the space back. What it may touch is written down by the shred that
// killed it, so a missing or unopenable key is never a reason to delete.
//
// Rows in table kMeta:
//   key "hygiene." | tenant 16 | subject 16 | receipt 16:   U8 format
//     "records of this subject whose scope is gone may go, and so may its requests if it is erased"
//   key "cleared." | tenant 16 | receipt 16:                U8 format | time
//     "what that erase killed is no longer in the tables since then"
#ifndef LETHE_VAULT_ERASURE_HYGIENE_H_
#define LETHE_VAULT_ERASURE_HYGIENE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "storage/batch.h"
#include "storage/engine.h"
#include "vault/chores/chore.h"
#include "vault/journal/journal.h"

namespace lethe::vault::erasure {

// One thread at a time.
class Hygiene {
 public:
  explicit Hygiene(Journal& journal) : journal_(journal) {}

  // Requests the clearing of `subject`, in the batch that an erase commits.
  static void RequestClearing(const TenantTag& tenant, const SubjectTag& subject,
                              const ReceiptTag& receipt, storage::Batch& change);
  // When what the erase of `receipt` killed was cleared; nullopt: not yet.
  static absl::StatusOr<std::optional<absl::Time>> CompleteTime(const storage::Engine& engine,
                                                                const TenantTag& tenant,
                                                                const ReceiptTag& receipt);

  // Carries out the orders. A step reads at most kRowsPerStep rows and makes one small commit; a
  // restart begins the subject anew. An order stays as long as a row that it is about is bad.
  chores::Chore ClearChore();
  // Deletes request rows of more than a day ago.
  chores::Chore RequestsChore();

  static constexpr std::size_t kRowsPerStep = 64;  // Bodies come along with a scan.

 private:
  absl::StatusOr<bool> Step(chores::Round& round);
  absl::StatusOr<std::optional<storage::Row>> NextOrder(chores::Round& round);
  absl::StatusOr<bool> StepRecords(const std::string& subject_prefix, chores::Round& round);
  absl::Status ClearRecord(const std::string& subject_prefix, const storage::Row& row,
                           chores::Round& round, storage::Batch& change);
  absl::StatusOr<bool> StepRequests(const std::string& subject_prefix, chores::Round& round);
  absl::Status Close(absl::Time now);
  absl::StatusOr<bool> DropOutdatedRequests(chores::Round& round);
  void StepOver(chores::Round& round, const chores::RowName& row, const absl::Status& why);
  void StartOver();
  absl::Status Commit(storage::Batch change);

  Journal& journal_;
  storage::Range orders_;              // Where the scan of the orders goes on.
  std::optional<storage::Row> order_;  // The one in hand.
  bool order_has_bad_row_ = false;
  storage::Range records_;   // Where the scan of its records goes on.
  storage::Range requests_;  // Where the scan of all requests goes on.
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_HYGIENE_H_
