// The end of a period: the day's secret is shredded, one commit however many records hang on it.
//
// What a restriction keeps outlives its period: hold rows are on disk before the shred begins, and
// where one cannot be written the period is left alone. A restriction that is set while a sweep
// runs is either seen by it, or finds the records dead.
#ifndef LETHE_VAULT_EXPIRY_EXPIRY_H_
#define LETHE_VAULT_EXPIRY_EXPIRY_H_

#include <set>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "vault/calls/stores.h"
#include "vault/chores/chore.h"
#include "vault/erasure/receipt_store.h"

namespace lethe::vault::expiry {

// One thread at a time.
class Expiry {
 public:
  Expiry(calls::Stores& stores, const erasure::ReceiptStore& receipts)
      : stores_(stores), receipts_(receipts) {}

  // Shreds every period that has ended, one shred a tenant but for what a bad row spoils; nothing
  // on a clock that stands before an earlier sweep.
  chores::Chore SweepChore();

 private:
  using Periods = std::vector<records::Period>;

  absl::Status Sweep(chores::Round& round);
  absl::StatusOr<bool> IsClockTrusted(chores::Round& round) const;
  absl::Status SweepTenant(const tenants::Tenant& tenant, chores::Round& round);
  absl::StatusOr<Periods> EndedOf(const tenants::Tenant& tenant, chores::Round& round) const;
  // Writes the hold rows of `ended`; out of it go the periods with a record that cannot be held.
  absl::Status HoldRestricted(const tenants::Tenant& tenant, Periods& ended, chores::Round& round);
  absl::StatusOr<std::set<SubjectTag>> SubjectsWithActs(const tenants::Tenant& tenant,
                                                        chores::Round& round) const;
  absl::Status HoldSubject(const tenants::Tenant& tenant, const SubjectTag& tag,
                           const std::set<Selector>& selectors);
  // The periods of `selectors` that records of the subject name, as their clear headers say.
  absl::StatusOr<std::set<Selector>> NamedBy(const tenants::Tenant& tenant, const SubjectTag& tag,
                                             const std::set<Selector>& selectors,
                                             chores::Round& round) const;
  absl::Status ShredOthers(const tenants::Tenant& tenant, const Periods& ended,
                           chores::Round& round);
  absl::Status Shred(const tenants::Tenant& tenant, std::span<const records::Period> ended,
                     absl::Time now);
  absl::StatusOr<Erasure> Describe(const tenants::Tenant& tenant,
                                   std::span<const records::Period> ended, absl::Time now) const;

  calls::Stores& stores_;
  const erasure::ReceiptStore& receipts_;
};

}  // namespace lethe::vault::expiry

#endif  // LETHE_VAULT_EXPIRY_EXPIRY_H_
