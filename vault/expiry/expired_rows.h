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
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "vault/calls/stores.h"
#include "vault/chores/chore.h"
#include "vault/records/hold_store.h"

namespace lethe::vault::expiry {

// One thread at a time.
class ExpiredRows {
 public:
  // Erases the rest of a subject of which a duty kept the last that was left.
  using Eraser = std::function<absl::Status(const tenants::TenantHandle&, const SubjectTag&)>;

  ExpiredRows(calls::Stores& stores, Eraser erase_what_ended)
      : stores_(stores), erase_what_ended_(std::move(erase_what_ended)), holds_(stores.engine()) {}

  // Requests a scan of the tenant's records, in the batch that a sweep commits.
  static void RequestClearing(const TenantTag& tenant, Random& random, storage::Batch& change);

  // Carries out the orders. A step reads at most kRowsPerStep rows and makes one small commit a
  // subject; a restart begins the tenant anew. An order stays as long as a row that it is about is
  // bad.
  chores::Chore ClearChore();

  static constexpr std::size_t kRowsPerStep = 64;  // Bodies come along with a scan.

 private:
  // What one commit takes away.
  struct Clearing;

  using KeysBySubject = std::map<SubjectTag, std::vector<std::string>>;

  absl::StatusOr<bool> Step(chores::Round& round);
  // The next order of a tenant that is served here.
  absl::StatusOr<std::optional<storage::Row>> NextOrder(chores::Round& round);
  absl::StatusOr<bool> StepTenant(const tenants::TenantHandle& tenant, chores::Round& round);
  KeysBySubject DeadAmong(const tenants::Tenant& tenant, const std::vector<storage::Row>& rows,
                          chores::Round& round);
  bool IsDead(const tenants::Tenant& tenant, const records::RecordRow& record,
              chores::Round& round);
  absl::Status ClearSubject(const tenants::TenantHandle& tenant, const SubjectTag& tag,
                            std::span<const std::string> record_keys, chores::Round& round);
  absl::Status ClearRecord(records::OpenSubject& subject, const std::string& key,
                           Clearing& clearing, chores::Round& round);
  absl::Status Close(const tenants::Tenant& tenant);
  absl::Status Commit(const tenants::Tenant& tenant, storage::Batch change);
  void StepOver(chores::Round& round, const chores::RowName& row, const absl::Status& why);
  void StartOver();

  calls::Stores& stores_;
  const Eraser erase_what_ended_;
  const records::HoldStore holds_;
  storage::Range orders_;              // Where the scan of the orders goes on.
  std::optional<storage::Row> order_;  // The one in hand.
  bool order_has_bad_row_ = false;
  storage::Range records_;            // Where the scan of the tenant's records goes on.
  std::map<Selector, bool> is_dead_;  // Of the order's tenant, in this step.
};

}  // namespace lethe::vault::expiry

#endif  // LETHE_VAULT_EXPIRY_EXPIRED_ROWS_H_
