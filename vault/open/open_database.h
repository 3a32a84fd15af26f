// The database in a vault's folder.
#ifndef LETHE_VAULT_OPEN_OPEN_DATABASE_H_
#define LETHE_VAULT_OPEN_OPEN_DATABASE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/engine.h"
#include "storage/engine_spec.h"

namespace lethe::vault {

// storage::OpenEngine, in the folder unless `spec` names a place. NOT_FOUND, DATA_LOSS: it is lost
// or damaged, and by which command the vault comes back.
absl::StatusOr<std::unique_ptr<storage::Engine>> OpenDatabase(const std::string& data_dir,
                                                              const storage::EngineSpec& spec = {});

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_OPEN_DATABASE_H_
