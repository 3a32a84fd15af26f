#include "vault/calls/settle_receipt.h"

#include <utility>

namespace lethe::vault::calls {

rights::Outcome OutcomeOf(const keytree::ShredOutcome& outcome) {
  return {outcome.generation, outcome.assurance, outcome.key_death_time};
}

Erasure SettleReceipt(Stores& stores, const records::Tenant& tenant, Erasure erasure,
                      const rights::Outcome& outcome) {
  erasure.generation = outcome.generation;
  erasure.assurance = outcome.assurance;
  erasure.key_death_time = outcome.key_death_time;
  stores.receipts.SignFor(tenant, erasure);
  storage::Batch change;
  stores.receipts.PutSettled(tenant, erasure, change);
  // The erase is done and cannot fail any more. Where this row does not make it to the disk, the
  // facts beside it and the shred log say the same.
  (void)stores.journal->Commit(
      {audit::Event{.method = audit::Method::kSystem, .tenant = tenant.tag}}, std::move(change),
      storage::Durability::kWritten, storage::Room::kLast);
  return erasure;
}

}  // namespace lethe::vault::calls
