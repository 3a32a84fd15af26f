// Receipts on disk: written in two stages, read back whole (vault/erasure/receipt.h).
#ifndef LETHE_VAULT_ERASURE_RECEIPT_STORE_H_
#define LETHE_VAULT_ERASURE_RECEIPT_STORE_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "storage/engine.h"
#include "vault/erasure/receipt.h"
#include "vault/journal/journal.h"
#include "vault/keytree/key_tree.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault::erasure {

class ReceiptStore {
 public:
  ReceiptStore(const VaultId& vault, Journal& journal, const keytree::KeyTree& tree)
      : vault_(vault), journal_(journal), engine_(journal.engine()), tree_(tree) {}

  void PutFacts(const tenants::Tenant& tenant, const Erasure& erasure,
                storage::Batch& change) const;
  // The end of every erasure that has a receipt, when the moment of death is known: fills in the
  // outcome, keeps the whole receipt in place of its facts, and signs it as a batch of one.
  Erasure Settle(const tenants::Tenant& tenant, Erasure erasure, const Outcome& outcome) const;
  // The same with the signature that the attempt has made for all its receipts, where the request
  // said what to state (StatementMaker).
  Erasure Settle(const tenants::Tenant& tenant, Erasure erasure, keytree::ShredOutcome shred) const;

  // Signed as a batch of one, and saying when its dead rows were cleared.
  // NOT_FOUND; UNAVAILABLE (kHolderUnreachable): its shred is still unresolved.
  absl::StatusOr<Erasure> Find(const tenants::Tenant& tenant, const ReceiptTag& receipt) const;

  // For ShredRequest::statement: owns all it needs.
  std::function<std::string(const keytree::ShredOutcome&)> StatementMaker(
      const tenants::Tenant& tenant, const Erasure& erasure) const;
  static Outcome OutcomeFrom(const keytree::ShredOutcome& shred);
  // Fills in statement, proof and public key, of an erasure that knows its outcome.
  void SignAlone(const tenants::Tenant& tenant, Erasure& erasure) const;

 private:
  void KeepSettled(const tenants::Tenant& tenant, const Erasure& erasure) const;
  // What the shred log says of the erase that made `receipt`; nullopt: nothing yet.
  absl::StatusOr<std::optional<Outcome>> OutcomeFromLog(const ReceiptTag& receipt) const;
  void PutRow(const tenants::Tenant& tenant, const ReceiptTag& receipt, std::uint8_t stage,
              const std::string& body, storage::Batch& change) const;

  const VaultId vault_;
  Journal& journal_;
  const storage::Engine& engine_;
  const keytree::KeyTree& tree_;
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_RECEIPT_STORE_H_
