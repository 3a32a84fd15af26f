// Receipts of tenants that are gone. Everything of a tenant dies with its secret, its receipts too;
// the last one is the vault's own: sealed under a key that the vault derives from the tenant's
// name, so that it opens to callers of that name alone.
#ifndef LETHE_VAULT_ERASURE_OFFBOARD_RECEIPTS_H_
#define LETHE_VAULT_ERASURE_OFFBOARD_RECEIPTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "vault/erasure/receipt_store.h"
#include "vault/keytree/key_tree.h"
#include "vault/model/caller.h"
#include "vault/model/erasure.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault::erasure {

// Thread-safe.
class OffboardReceipts {
 public:
  OffboardReceipts(const ReceiptStore& receipts, const storage::Engine& engine,
                   const keytree::KeyTree& tree)
      : receipts_(receipts), engine_(engine), tree_(tree) {}

  // Who stands for the tenant in its last receipt: no tag, its name, a key of the vault.
  tenants::Tenant StandInFor(const std::string& tenant_name) const;

  // NOT_FOUND (kResourceNotFound): none of this name, or not the caller's.
  absl::StatusOr<Erasure> Find(const Caller& caller, const ReceiptTag& receipt) const;
  // The latest of the caller's tenant.
  absl::StatusOr<Erasure> Last(const Caller& caller) const;

 private:
  const ReceiptStore& receipts_;
  const storage::Engine& engine_;
  const keytree::KeyTree& tree_;
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_OFFBOARD_RECEIPTS_H_
