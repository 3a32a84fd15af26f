#include "vault/open/open_parts.h"

#include <utility>

#include "base/status_macros.h"
#include "crypto/self_test.h"
#include "vault/journal/journal.h"
#include "vault/keytree/key_tree.h"
#include "vault/open/opened_vault.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault {
namespace {

absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(VaultParts& parts, Clock& clock,
                                                     Random& random) {
  LETHE_TRY(crypto::SelfTest());
  return Journal::Open(std::move(parts.engine), std::move(parts.archive), clock, random);
}

}  // namespace

absl::StatusOr<InitResult> CreateVaultOn(VaultParts parts, Clock& clock, Random& random) {
  LETHE_ASSIGN(auto journal, OpenJournal(parts, clock, random));
  LETHE_TRY(keytree::KeyTree::Create(parts.id, *journal, parts.holders, clock, random));
  // Opened once, so that what was written is known to open before anybody relies on it.
  LETHE_ASSIGN(const auto tree,
               keytree::KeyTree::Open(parts.id, *journal, std::move(parts.holders), clock, random));
  return InitResult{parts.id, tree->Status().assurance,
                    std::string(AsText(tree->signing_key().public_key()))};
}

absl::StatusOr<std::unique_ptr<OpenedVault>> OpenVaultOn(VaultParts parts,
                                                         const RunOptions& options, Clock& clock,
                                                         Random& random) {
  LETHE_ASSIGN(auto journal, OpenJournal(parts, clock, random));
  LETHE_ASSIGN(auto tree,
               keytree::KeyTree::Open(parts.id, *journal, std::move(parts.holders), clock, random));
  LETHE_ASSIGN(auto tenants,
               tenants::Tenants::Load(options.tenants, *journal, *tree, clock, random));
  return std::make_unique<OpenedVault>(parts.id, std::move(journal), std::move(tree),
                                       std::move(tenants), options, clock, random);
}

}  // namespace lethe::vault
