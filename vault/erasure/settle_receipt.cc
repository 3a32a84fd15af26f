#include "vault/erasure/settle_receipt.h"

#include <utility>

namespace lethe::vault::erasure {
namespace {

// The erase is done and cannot fail any more. Where this row does not make it to the disk, the
// facts beside it and the shred log say the same.
void Keep(calls::Stores& stores, const records::Tenant& tenant, const Erasure& erasure) {
  storage::Batch change;
  stores.receipts.PutSettled(tenant, erasure, change);
  (void)stores.journal->Commit(
      {audit::Event{.method = audit::Method::kSystem, .tenant = tenant.tag}}, std::move(change),
      storage::Durability::kWritten, storage::Room::kLast);
}

}  // namespace

erasure::Outcome OutcomeOf(const keytree::ShredOutcome& shred) {
  return erasure::ReceiptStore::OutcomeFrom(shred);
}

Erasure SettleReceipt(calls::Stores& stores, const records::Tenant& tenant, Erasure erasure,
                      const erasure::Outcome& outcome) {
  SetOutcome(outcome, erasure);
  stores.receipts.SignAlone(tenant, erasure);
  Keep(stores, tenant, erasure);
  return erasure;
}

Erasure SettleReceipt(calls::Stores& stores, const records::Tenant& tenant, Erasure erasure,
                      keytree::ShredOutcome shred) {
  if (shred.statement.empty()) {
    return SettleReceipt(stores, tenant, std::move(erasure), OutcomeOf(shred));
  }
  SetOutcome(OutcomeOf(shred), erasure);
  erasure.signed_statement = std::move(shred.statement);
  erasure.proof = std::move(shred.proof);
  erasure.public_key = AsText(stores.tree->signing_key().public_key());
  Keep(stores, tenant, erasure);
  return erasure;
}

}  // namespace lethe::vault::erasure
