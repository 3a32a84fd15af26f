// Periods: where retention counts from creation, all records of one tenant, category, retention
// class, time zone and local day share a secret, so that millions expire in one commit.
//
// Row in table kPeriod, key tenant | selector:   U8 format | U8 state | place 9 | sealed
//   state 1 living; 2 shredded (a tombstone: the place is history)
//   sealed = AES-256-GCM(PeriodRowKey, day | end)
//   selector = first 8 bytes of MAC(PeriodSelectorKey, day)
//   day    = U32 category id | U64 class | U32 local day | Short time zone
//
// The class is the rule a record was stored under (months << 32 | days): a longer rule of a later
// policy acts only on what is stored from then on. The zone is that of the policy it was stored
// under: a later one gives its own days to what comes later, and moves no end that is fixed.
#ifndef LETHE_VAULT_RECORDS_PERIOD_STORE_H_
#define LETHE_VAULT_RECORDS_PERIOD_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/engine.h"
#include "vault/keytree/key_tree.h"
#include "vault/memory/key_cache.h"
#include "vault/policy/policy.h"
#include "vault/records/change.h"
#include "vault/rows/row_schema.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault::records {

struct Period {
  Selector selector{};
  bool living = true;  // Neither shredded nor about to be.
  Place leaf;
  std::uint32_t category_id = 0;
  std::uint64_t retention_class = 0;
  std::int32_t local_day = 0;  // Of `zone`.
  std::string zone;
  absl::Time end;  // By the rule of its class; fixed when its first record was stored.
};

// When records of `period` end today: by the rule they were stored under, or by a shorter one of
// today's policy, which acts at once on what is stored and counts in the period's own zone.
absl::Time EndOf(const Period& period, const policy::Category& category);

class PeriodStore {
 public:
  PeriodStore(const storage::Engine& engine, keytree::KeyTree& tree, memory::KeyCache& cache)
      : engine_(engine), tree_(tree), cache_(cache) {}

  // DATA_LOSS (kLeafLost): a record names a period that is not there.
  absl::StatusOr<Period> Find(const tenants::Tenant& tenant, const Selector& selector) const;
  // NOT_FOUND (kResourceNotFound): its shred has begun. DATA_LOSS (kLeafLost): gone without one.
  absl::StatusOr<Secret> SecretOf(const Period& period) const;

  // The period of a new record, with its secret; drawn if it is the first of its day.
  // kRetentionOver: the period was shredded already.
  absl::StatusOr<Period> FindOrDraft(const tenants::Tenant& tenant,
                                     const policy::Category& category, absl::Time origin,
                                     Change& change, Secret& secret) const;

  // The living periods of the tenant's categories. Tombstones are not opened. Of a row that does
  // not open nobody knows when it ends: `bad` is told of it, and it is left out.
  using BadRow = std::function<void(const std::string& key, const absl::Status& why)>;
  absl::StatusOr<std::vector<Period>> Living(const tenants::Tenant& tenant,
                                             const BadRow& bad) const;
  // From here on nobody gets at their secrets, and no cache has one.
  void BeginShred(std::span<const Period> periods);
  // Nothing of it came to pass: they live.
  void Revive(std::span<const Period> periods);
  // Revives those whose shred failed after all: their leaves open.
  void ReviveWhole();
  // Was it shredded? A period without a row was not.
  absl::StatusOr<bool> HasTombstone(const tenants::Tenant& tenant, const Selector& selector) const;
  // Puts the tombstone in place of the row.
  static void PutTombstone(const tenants::Tenant& tenant, const Period& period,
                           storage::Batch& change);

 private:
  // nullopt: a tombstone, or of a category that the policy does not know.
  absl::StatusOr<std::optional<Period>> LivingIn(const tenants::Tenant& tenant,
                                                 const storage::Row& row) const;
  absl::StatusOr<Period> Open(const tenants::Tenant& tenant, const Selector& selector,
                              Bytes row) const;
  bool IsDying(const Place& leaf) const;

  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  memory::KeyCache& cache_;
  mutable absl::Mutex mutex_;
  // What died stays in: one entry a day and category.
  absl::flat_hash_set<Place> dying_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_PERIOD_STORE_H_
