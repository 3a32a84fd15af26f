// OpenedVault is the Vault as it runs. It owns everything and does nothing itself: each call is in
// the room of what it is about.
#ifndef LETHE_VAULT_OPEN_OPENED_VAULT_H_
#define LETHE_VAULT_OPEN_OPENED_VAULT_H_

#include <memory>
#include <utility>
#include <vector>

#include "vault/calls/audit_calls.h"
#include "vault/calls/desk.h"
#include "vault/calls/stores.h"
#include "vault/chores/housekeeper.h"
#include "vault/data/data_calls.h"
#include "vault/data/identifier_loader.h"
#include "vault/erasure/erasure_stores.h"
#include "vault/erasure/hygiene.h"
#include "vault/expiry/expired_rows.h"
#include "vault/expiry/expiry.h"
#include "vault/offboarding/gone_tenants.h"
#include "vault/open/facets.h"
#include "vault/open/open_parts.h"
#include "vault/vault.h"

namespace lethe::vault {

class OpenedVault final : public Vault {
 public:
  OpenedVault(const VaultId& id, OperationsOptions operations, std::unique_ptr<Journal> journal,
              std::unique_ptr<keytree::KeyTree> tree, std::unique_ptr<tenants::Tenants> tenants,
              const RunOptions& options, Clock& clock, Random& random);

  Data& data() override { return data_; }
  Rights& rights() override { return rights_; }
  Operations& operations() override { return operations_; }
  Audit& audit() override { return audit_; }

  // What the background threads do, in the caller's thread: for vaults opened without them.
  void LoadIdentifiers() { loader_.Run(); }
  absl::Status RunHousekeeping() { return housekeeper_.RunAll(); }

  // For good, signed, and with two people who answer for it.
  absl::Status RecordGap(const Gap& gap);
  absl::Status RecordArchiveRebuilt(const Gap& gap);

  calls::Stores& stores() { return stores_; }
  const erasure::ErasureStores& erasures() const { return erasures_; }

 private:
  // Of every room, in the order in which a round does them.
  std::vector<chores::Chore> Chores();

  calls::Stores stores_;
  const erasure::ErasureStores erasures_;
  calls::Desk desk_;
  data::DataCalls data_;
  RightsCalls rights_;
  OperationsCalls operations_;
  calls::AuditCalls audit_;
  expiry::Expiry expiry_;
  erasure::Hygiene hygiene_;
  expiry::ExpiredRows expired_rows_;
  offboarding::GoneTenants gone_tenants_;
  // Last: their threads use all of the above.
  chores::Housekeeper housekeeper_;
  data::IdentifierLoader loader_;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_OPENED_VAULT_H_
