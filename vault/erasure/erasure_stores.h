// What every way of forgetting works on, beside the stores of all calls: the plan, the act and the
// receipts.
#ifndef LETHE_VAULT_ERASURE_ERASURE_STORES_H_
#define LETHE_VAULT_ERASURE_ERASURE_STORES_H_

#include "base/ids.h"
#include "vault/calls/stores.h"
#include "vault/erasure/erasure.h"
#include "vault/erasure/offboard_receipts.h"
#include "vault/erasure/receipt_store.h"
#include "vault/erasure/withholding.h"

namespace lethe::vault::erasure {

// Thread-safe.
struct ErasureStores {
  ErasureStores(const VaultId& vault, calls::Stores& stores)
      : withholding(stores.scopes, stores.records, stores.identifiers),
        receipts(vault, *stores.journal, *stores.tree),
        offboard_receipts(receipts, stores.engine(), *stores.tree),
        eraser(*stores.tree, stores.subjects, stores.acts, stores.identifiers, receipts,
               stores.random) {}
  ErasureStores(const ErasureStores&) = delete;
  ErasureStores& operator=(const ErasureStores&) = delete;

  const Withholding withholding;
  const ReceiptStore receipts;
  const OffboardReceipts offboard_receipts;
  const Eraser eraser;
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_ERASURE_STORES_H_
