// The end of every erasure that has a receipt: the moment of death is known.
#ifndef LETHE_VAULT_ERASURE_SETTLE_RECEIPT_H_
#define LETHE_VAULT_ERASURE_SETTLE_RECEIPT_H_

#include "vault/calls/stores.h"

namespace lethe::vault::erasure {

erasure::Outcome OutcomeOf(const keytree::ShredOutcome& shred);

// Fills in the outcome, keeps the whole receipt, and signs it as a batch of one.
Erasure SettleReceipt(calls::Stores& stores, const records::Tenant& tenant, Erasure erasure,
                      const erasure::Outcome& outcome);
// The same with the signature that the attempt has made for all its receipts, where the request
// said what to state (ReceiptStore::StatementMaker).
Erasure SettleReceipt(calls::Stores& stores, const records::Tenant& tenant, Erasure erasure,
                      keytree::ShredOutcome shred);

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_SETTLE_RECEIPT_H_
