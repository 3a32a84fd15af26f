#include "vault/open/open_parts.h"

#include <memory>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/self_test.h"
#include "vault/journal/journal.h"
#include "vault/keytree/key_tree.h"
#include "vault/open/open_holders.h"
#include "vault/open/opened_vault.h"
#include "vault/open/watched_descriptor.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault {
namespace {

absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(VaultParts& parts, Clock& clock,
                                                     Random& random) {
  LETHE_TRY(crypto::SelfTest());
  return Journal::Open(std::move(parts.engine), std::move(parts.archive), clock, random);
}

// Whoever cannot start a vault for its archive is told how it starts.
absl::StatusOr<std::unique_ptr<archive::Archive>> OpenArchive(const std::string& folder,
                                                              const VaultId& vault) {
  auto archive = archive::Archive::Open(folder, vault);
  if (absl::IsNotFound(archive.status())) {
    return Refuse(Reason::kArchiveMissing,
                  "the archive's folder is not at the path that vault.json names, or it is empty: "
                  "put it back there; if it is lost for good, two people go on without it: lethe "
                  "archive rebuild");
  }
  if (absl::IsDataLoss(archive.status())) {
    return Refuse(
        Reason::kChainBroken,
        "the archive is damaged, or lacks a segment: put it back as it was; if it is lost "
        "for good, two people go on without it: lethe archive rebuild");
  }
  return archive;
}

}  // namespace

absl::StatusOr<VaultParts> OpenParts(const std::string& data_dir, const Descriptor& descriptor,
                                     std::unique_ptr<storage::Engine> engine,
                                     const std::vector<holders::KeyService*>& services,
                                     Random& random) {
  VaultParts parts{.id = descriptor.id, .dev = descriptor.dev, .engine = std::move(engine)};
  LETHE_ASSIGN(parts.holders, OpenHolders(data_dir, descriptor, services, random));
  if (descriptor.archive_dir.has_value()) {
    LETHE_ASSIGN(parts.archive,
                 OpenArchive(ResolvePath(data_dir, *descriptor.archive_dir), descriptor.id));
  }
  parts.check_described = [watched = std::make_shared<WatchedDescriptor>(data_dir, descriptor)] {
    return watched->Check();
  };
  return parts;
}

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
  return std::make_unique<OpenedVault>(
      parts.id, OperationsOptions{parts.dev, std::move(parts.check_described)}, std::move(journal),
      std::move(tree), std::move(tenants), options, clock, random);
}

}  // namespace lethe::vault
