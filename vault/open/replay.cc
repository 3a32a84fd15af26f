#include "vault/open/replay.h"

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/engine_spec.h"
#include "vault/archive/archive.h"
#include "vault/journal/journal_level.h"
#include "vault/open/holder_heads.h"
#include "vault/open/open.h"
#include "vault/open/open_holders.h"
#include "vault/open/open_parts.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault {
namespace {

using Progress = std::function<void(std::uint64_t)>;

absl::Status CheckBeginsWithTheVault(const archive::Archive& archive) {
  if (archive.begins_after() != 0) {
    return Refuse(
        Reason::kChainBroken,
        "the archive begins behind the vault's first commit: it was rebuilt, or its older "
        "segments are gone. Only a backup leads to it: lethe backup restore");
  }
  if (archive.last_sequence() != 0) return absl::OkStatus();
  return absl::FailedPreconditionError("the archive holds no vault: lethe init did not end");
}

absl::Status MakeDatabase(const std::string& data_dir, archive::Archive& archive,
                          const Progress& progress) {
  LETHE_TRY(CheckNewFolder(data_dir));
  LETHE_ASSIGN(
      const auto engine,
      storage::CreateEngine(storage::PlacedAt({}, data_dir + "/" + kDatabaseDir), AllTables()));
  return LevelEngineAndArchive(*engine, archive, progress);
}

// A half of a database would be taken for a whole one whose vault.json is lost.
void DropDatabase(const std::string& data_dir) {
  std::error_code ignored;
  std::filesystem::remove_all(data_dir + "/" + kDatabaseDir, ignored);
}

}  // namespace

absl::StatusOr<Described> ReplayVault(const DescribeOptions& options, Clock& clock, Random& random,
                                      const Progress& progress) {
  const std::string data_dir = AbsolutePath(options.data_dir);
  LETHE_TRY(CheckUnused(data_dir));
  LETHE_ASSIGN(Descriptor descriptor, PlanDescriptor(options, data_dir));
  if (!descriptor.archive_dir.has_value()) {
    return Refuse(Reason::kFieldRequired, "the vault's archive is needed", "archive", "required");
  }
  LETHE_ASSIGN(const std::vector<HolderHead> heads, ReadHolderHeads(data_dir, descriptor));
  descriptor.id = VaultOf(heads);
  {
    // Locked first: beside a server that still writes to the archive its end would be cut off.
    LETHE_ASSIGN(const auto holders,
                 OpenHolders(data_dir, descriptor, options.key_services, random));
    LETHE_ASSIGN(const auto archive,
                 OpenGivenArchive(ResolvePath(data_dir, *descriptor.archive_dir), descriptor.id));
    LETHE_TRY(CheckBeginsWithTheVault(*archive));
    if (absl::Status made = MakeDatabase(data_dir, *archive, progress); !made.ok()) {
      DropDatabase(data_dir);
      return made;
    }
  }
  auto described = DescribeVault(options, clock, random);
  if (!described.ok()) DropDatabase(data_dir);
  return described;
}

}  // namespace lethe::vault
