#include "vault/open/facets.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_format.h"

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
  const absl::Status archive = stores_.journal->CheckArchive();
  if (!archive.ok()) alarms.emplace_back(archive.message());
  const absl::Status database = stores_.engine().CheckThere();
  if (!database.ok()) {
    alarms.push_back(absl::StrFormat(
        "the database's folder is not at its path (%s): put the very folder back; if it is lost, "
        "end the server and run lethe backup restore",
        database.message()));
  }
  if (check_described_ == nullptr) return alarms;
  const absl::Status described = check_described_();
  if (!described.ok()) alarms.emplace_back(described.message());
  return alarms;
}

}  // namespace lethe::vault
