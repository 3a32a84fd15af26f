#include "vault/open/rebuild.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/engine_spec.h"
#include "vault/archive/append_file.h"
#include "vault/archive/archive.h"
#include "vault/archive/segment.h"
#include "vault/journal/journal_level.h"
#include "vault/open/descriptor.h"
#include "vault/open/open.h"
#include "vault/open/open_holders.h"
#include "vault/open/open_parts.h"
#include "vault/open/opened_vault.h"
#include "vault/open/restore.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault {
namespace {

// Before anything is written. Makes the folder.
absl::Status CheckFree(const std::string& folder) {
  if (!archive::MakeFolder(folder).ok()) {
    return absl::FailedPreconditionError("the folder of the new archive cannot be made");
  }
  LETHE_ASSIGN(const auto opened, archive::OpenPosixFolder(folder));
  LETHE_ASSIGN(const std::vector<std::string> names, opened->List());
  const auto is_segment = [](const std::string& name) {
    return archive::ParseSegmentName(name).has_value();
  };
  if (std::ranges::none_of(names, is_segment)) return absl::OkStatus();
  return absl::AlreadyExistsError(
      "the folder of the new archive holds segments: choose an empty or a new one, or move them "
      "away");
}

absl::StatusOr<std::unique_ptr<storage::Engine>> OpenDatabase(const std::string& data_dir) {
  return storage::OpenEngine(storage::PlacedAt({}, data_dir + "/" + kDatabaseDir), AllTables());
}

// The old archive does not lead on from the database, and the database has all that is left of it.
absl::Status CheckLost(const std::string& folder, const VaultId& vault, storage::Engine& engine) {
  auto archive = archive::Archive::Open(folder, vault);
  if (absl::IsNotFound(archive.status())) return absl::OkStatus();
  if (archive.ok()) {
    const absl::Status level = LevelEngineAndArchive(engine, **archive);
    if (level.ok()) {
      return absl::FailedPreconditionError(
          "the archive is at its path and leads on from the database: nothing is lost, start the "
          "server");
    }
    if (!absl::IsDataLoss(level)) return level;
  } else if (!absl::IsDataLoss(archive.status())) {
    return archive.status();
  }
  LETHE_ASSIGN(const auto rest, archive::OpenPosixFolder(folder));
  return BringInTheRest(engine, *rest, vault);
}

// Before there is a new archive, so that none is ever used without its entry in the log.
absl::StatusOr<std::uint64_t> RecordIn(const std::string& data_dir, Descriptor descriptor,
                                       std::unique_ptr<storage::Engine> engine,
                                       const RebuildOptions& options, Clock& clock,
                                       Random& random) {
  descriptor.archive_dir.reset();
  const Gap gap{engine->Position(), {options.approvers[0], options.approvers[1]}};
  LETHE_ASSIGN(VaultParts parts,
               OpenParts(data_dir, descriptor, std::move(engine), options.key_services, random));
  LETHE_ASSIGN(const auto vault,
               OpenVaultOn(std::move(parts), RunOptions{.background = false}, clock, random));
  LETHE_TRY(vault->RecordArchiveRebuilt(gap));
  return vault->operations().Status().generation;
}

// With a chain that the lost archive never had, nor another one that is begun at the same place: a
// backup that belongs to one of them is not taken for the other's.
absl::StatusOr<std::uint64_t> BeginArchive(const std::string& data_dir, const std::string& folder,
                                           const VaultId& vault, Random& random) {
  LETHE_ASSIGN(const auto engine, OpenDatabase(data_dir));
  archive::Beginning beginning{.after = engine->Position()};
  random.Fill(beginning.chain);
  LETHE_TRY(archive::Archive::Create(folder, vault, beginning));
  return beginning.after;
}

}  // namespace

absl::StatusOr<Rebuilt> RebuildArchive(const RebuildOptions& options, Clock& clock,
                                       Random& random) {
  if (!AreTwoPeople(options.approvers)) {
    return Refuse(
        Reason::kFieldRequired,
        "with its archive a vault loses every backup that was taken before: two different "
        "people must approve, each by a name of 1 to 63 bytes",
        "approved_by", "two_approvers");
  }
  const std::string data_dir = AbsolutePath(options.data_dir);
  const std::string archive_dir = AbsolutePath(options.archive_dir);
  LETHE_ASSIGN(Descriptor descriptor, ReadDescriptor(data_dir));
  LETHE_ASSIGN(auto engine, OpenDatabase(data_dir));
  if (descriptor.archive_dir.has_value()) {
    LETHE_TRY(CheckLost(ResolvePath(data_dir, *descriptor.archive_dir), descriptor.id, *engine));
  }
  LETHE_TRY(CheckFree(archive_dir));
  Rebuilt rebuilt;
  LETHE_ASSIGN(rebuilt.generation,
               RecordIn(data_dir, descriptor, std::move(engine), options, clock, random));
  LETHE_ASSIGN(rebuilt.begins_after, BeginArchive(data_dir, archive_dir, descriptor.id, random));
  descriptor.archive_dir = Inside(data_dir, archive_dir);
  LETHE_TRY(WriteDescriptor(data_dir, descriptor));
  return rebuilt;
}

}  // namespace lethe::vault
