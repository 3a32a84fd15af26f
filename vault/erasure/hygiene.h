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

  // One step: at most kRowsPerStep rows are read and one small commit is made. True: there is more
  // to do. A restart begins the subject anew.
  absl::StatusOr<bool> Step(absl::Time now);
  // Deletes request rows of more than a day ago; true: there are more.
  absl::StatusOr<bool> DropOutdatedRequests(absl::Time now);

  static constexpr std::size_t kRowsPerStep = 64;  // Bodies come along with a scan.

 private:
  absl::StatusOr<bool> StepRecords(const std::string& subject_prefix);
  absl::StatusOr<bool> StepRequests(const std::string& subject_prefix);
  absl::Status Commit(storage::Batch change);

  Journal& journal_;
  std::string working_on_;      // tenant | subject | receipt
  std::string records_after_;   // Where the scan of its records goes on.
  std::string requests_after_;  // Where the scan of all requests goes on.
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_HYGIENE_H_
