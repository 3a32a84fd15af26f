#include "vault/open/facets.h"

#include <cstdint>

namespace lethe::vault {

VaultStatus OperationsCalls::Status() const {
  const keytree::TreeStatus tree = stores_.tree->Status();
  VaultStatus status;
  status.identifiers_loaded = stores_.identifier_table.complete();
  status.sealed = stores_.journal->sealed() || tree.sealed;
  status.generation = tree.generation;
  status.journal_sequence = stores_.journal->sequence();
  status.category_unwraps = stores_.scopes.keys_given();
  status.assurance = tree.assurance;
  status.has_archive = stores_.journal->archive() != nullptr;
  status.public_key = AsText(stores_.tree->signing_key().public_key());
  status.chores = chores_();
  status.alarms = tree.lost_places;
  const absl::Status archive = stores_.journal->CheckArchive();
  if (!archive.ok()) status.alarms.emplace_back(archive.message());
  return status;
}

}  // namespace lethe::vault
