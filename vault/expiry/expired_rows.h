// Clears away what a dead period leaves: rows of records that nothing opens any more, in small
// steps, with the counts of the living subjects they belonged to. Only a tombstone condemns a row;
// a period that is missing or does not open condemns nothing.
//
// Row in table kMeta, key "expired." | tenant 16:   U8 format | 16 random
//   "records of this tenant whose period is a tombstone may go"; the random part tells a scan that
//   the next period has died since it began
#ifndef LETHE_VAULT_EXPIRY_EXPIRED_ROWS_H_
#define LETHE_VAULT_EXPIRY_EXPIRED_ROWS_H_

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "vault/journal/journal.h"
#include "vault/records/erasing.h"
#include "vault/records/hold_store.h"
#include "vault/records/record_store.h"
#include "vault/records/subject_locks.h"
#include "vault/records/tenants.h"

namespace lethe::vault::expiry {

// One thread at a time.
class ExpiredRows {
 public:
  struct Parts {
    Journal& journal;
    const records::Tenants& tenants;
    records::SubjectStore& subjects;
    records::ScopeStore& scopes;
    records::PeriodStore& periods;
    records::RecordStore& records;
    records::SubjectLocks& locks;
    const records::Erasing& erasing;
    // Erases the rest of a subject of which a duty kept the last that was left.
    std::function<absl::Status(const records::TenantHandle&, const SubjectTag&)> erase_what_ended;
  };

  explicit ExpiredRows(const Parts& parts) : parts_(parts), holds_(parts.journal.engine()) {}

  // Requests a scan of the tenant's records, in the batch that a sweep commits.
  static void RequestClearing(const TenantTag& tenant, Random& random, storage::Batch& change);

  // One step: at most kRowsPerStep rows are read and one small commit a subject is made. True:
  // there is more to do. A restart begins the tenant anew.
  absl::StatusOr<bool> Step();

  static constexpr std::size_t kRowsPerStep = 64;  // Bodies come along with a scan.

 private:
  // What one commit takes away.
  struct Clearing;

  // The first order of a tenant that is served here.
  absl::StatusOr<std::optional<storage::Row>> NextOrder() const;
  absl::StatusOr<bool> IsDead(const records::Tenant& tenant, const records::RecordRow& record);
  absl::Status ClearSubject(const records::Tenant& tenant, const SubjectTag& tag,
                            std::span<const std::string> record_keys);
  absl::Status ClearRecord(records::OpenSubject& subject, const std::string& key,
                           Clearing& clearing);
  absl::Status Commit(const records::Tenant& tenant, storage::Batch change);

  const Parts parts_;
  const records::HoldStore holds_;
  storage::Row working_on_;           // The order.
  std::string after_;                 // Where the scan goes on.
  std::map<Selector, bool> is_dead_;  // Of the order's tenant, in this step.
};

}  // namespace lethe::vault::expiry

#endif  // LETHE_VAULT_EXPIRY_EXPIRED_ROWS_H_
