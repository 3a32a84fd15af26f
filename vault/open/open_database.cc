#include "vault/open/open_database.h"

#include "absl/strings/str_format.h"
#include "base/reason.h"
#include "vault/open/descriptor.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault {

absl::StatusOr<std::unique_ptr<storage::Engine>> OpenDatabase(const std::string& data_dir,
                                                              const storage::EngineSpec& spec) {
  auto engine =
      storage::OpenEngine(storage::PlacedAt(spec, data_dir + "/" + kDatabaseDir), AllTables());
  if (absl::IsNotFound(engine.status())) {
    return absl::NotFoundError(
        "the vault's database is not in its folder: put the folder db back; if it is lost, the "
        "vault comes back from a backup, its archive and a holder (lethe backup restore), or from "
        "its whole archive alone (lethe archive restore)");
  }
  if (absl::IsDataLoss(engine.status()) && !ReasonOf(engine.status()).has_value()) {
    return absl::DataLossError(absl::StrFormat(
        "the vault's database is damaged (%s): put the folder db back as it was; if it is lost, "
        "the vault comes back from a backup, its archive and a holder (lethe backup restore), or "
        "from its whole archive alone (lethe archive restore)",
        engine.status().message()));
  }
  return engine;
}

}  // namespace lethe::vault
