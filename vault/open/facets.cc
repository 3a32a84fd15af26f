#include "vault/open/facets.h"

#include <cstdint>
#include <utility>

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
  for (std::string& alarm : Alarms()) status.alarms.push_back(std::move(alarm));
  return status;
}

std::vector<std::string> OperationsCalls::Alarms() const {
  std::vector<std::string> alarms;
  const auto add = [&alarms](const absl::Status& found) {
    if (!found.ok()) alarms.emplace_back(found.message());
  };
  add(stores_.journal->CheckArchive());
  add(stores_.journal->CheckDatabase());
  if (check_described_ != nullptr) add(check_described_());
  return alarms;
}

}  // namespace lethe::vault
