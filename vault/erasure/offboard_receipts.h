// Receipts of tenants that are gone. Everything of a tenant dies with its secret, its receipts too;
// the last one is the vault's own: sealed under a key that the vault derives from the tenant's
// name, so that it opens to callers of that name alone.
#ifndef LETHE_VAULT_ERASURE_OFFBOARD_RECEIPTS_H_
#define LETHE_VAULT_ERASURE_OFFBOARD_RECEIPTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "vault/calls/stores.h"

namespace lethe::vault::erasure {

// Who stands for the tenant in a receipt's row and statement: no tag, its name, a key of the vault.
records::Tenant VaultsOwn(const calls::Stores& stores, const std::string& tenant_name);

// NOT_FOUND (kResourceNotFound): none of this name, or not the caller's.
absl::StatusOr<Erasure> FindOffboardReceipt(const calls::Stores& stores, const Caller& caller,
                                            const ReceiptTag& receipt);
// The latest of the caller's tenant.
absl::StatusOr<Erasure> LastOffboardReceipt(const calls::Stores& stores, const Caller& caller);

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_OFFBOARD_RECEIPTS_H_
