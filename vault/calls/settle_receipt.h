// The end of every erasure that has a receipt: the moment of death is known.
#ifndef LETHE_VAULT_CALLS_SETTLE_RECEIPT_H_
#define LETHE_VAULT_CALLS_SETTLE_RECEIPT_H_

#include "vault/calls/stores.h"

namespace lethe::vault::calls {

rights::Outcome OutcomeOf(const keytree::ShredOutcome& outcome);

// Fills in the outcome, signs, and keeps the whole receipt.
Erasure SettleReceipt(Stores& stores, const records::Tenant& tenant, Erasure erasure,
                      const rights::Outcome& outcome);

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_SETTLE_RECEIPT_H_
