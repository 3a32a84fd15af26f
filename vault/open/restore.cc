#include "vault/open/restore.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/engine_spec.h"
#include "vault/archive/archive.h"
#include "vault/backup/verification.h"
#include "vault/model/limits.h"
#include "vault/open/descriptor.h"
#include "vault/open/open.h"

namespace lethe::vault {
namespace {

namespace fs = std::filesystem;

// The archive leads on from where the backup ends: same vault, same history.
absl::Status CheckArchive(const backup::Manifest& manifest, const std::string& archive_dir) {
  LETHE_ASSIGN(const auto archive, archive::Archive::Open(archive_dir, manifest.vault));
  if (manifest.position < archive->begins_after()) {
    return Refuse(Reason::kChainBroken,
                  "the archive begins after this backup ends: it was rebuilt since, or its older "
                  "segments are gone. Nothing leads on from the backup; take a newer one");
  }
  LETHE_ASSIGN(const crypto::Digest chain, archive->ChainAt(manifest.position));
  if (chain == manifest.chain) return absl::OkStatus();
  return Refuse(Reason::kChainBroken, "the archive tells another history than the backup");
}

// Nobody restores across a gap by oversight, or alone.
absl::Status CheckApproval(const backup::Manifest& manifest, const RestoreOptions& options) {
  const auto& approvers = options.gap_approvers;
  if (!options.archive_dir.empty()) {
    if (!manifest.archived) {
      return Refuse(Reason::kFieldInvalid, "the backup is of a vault without an archive", "archive",
                    "archived");
    }
    if (approvers.empty()) return absl::OkStatus();
    return Refuse(Reason::kFieldInvalid, "with an archive there is no gap to approve",
                  "gap_approved_by", "no_gap");
  }
  if (AreTwoPeople(approvers)) return absl::OkStatus();
  return Refuse(Reason::kFieldRequired,
                "without an archive all that came behind the backup is gone, restrictions too: two "
                "different people must approve, each by a name of 1 to 63 bytes",
                "gap_approved_by", "two_approvers");
}

absl::StatusOr<Restored> OpenOnce(const OpenOptions& options, Clock& clock, Random& random) {
  LETHE_ASSIGN(const auto vault, OpenVault(options, clock, random));
  const VaultStatus status = vault->operations().Status();
  return Restored{.position = status.journal_sequence, .generation = status.generation};
}

}  // namespace

bool AreTwoPeople(const std::vector<std::string>& approvers) {
  return approvers.size() == 2 && approvers[0] != approvers[1] &&
         std::ranges::all_of(approvers, [](const std::string& name) {
           return !name.empty() && name.size() <= limits::kNameBytesMax;
         });
}

absl::StatusOr<Restored> RestoreVault(const backup::BackupStore& store,
                                      const backup::Manifest& manifest,
                                      const RestoreOptions& options, Clock& clock, Random& random,
                                      const backup::BackupStore::Progress& progress) {
  const std::string data_dir = AbsolutePath(options.data_dir);
  LETHE_TRY(CheckApproval(manifest, options));
  Descriptor descriptor{.id = manifest.vault, .dev = options.dev || manifest.dev};
  std::optional<Gap> gap;
  if (options.archive_dir.empty()) {
    gap = Gap{manifest.position, {options.gap_approvers[0], options.gap_approvers[1]}};
  } else {
    descriptor.archive_dir = AbsolutePath(options.archive_dir);
  }
  for (HolderSpec holder : options.holders) {
    holder.slots = AbsolutePath(holder.slots);
    descriptor.holders.push_back(std::move(holder));
  }
  LETHE_TRY(CheckUnused(data_dir));
  if (!gap.has_value()) LETHE_TRY(CheckArchive(manifest, *descriptor.archive_dir));
  // Read once before anything is made: a bad backup is found out while another can still be chosen.
  backup::Verification verification(store, progress);
  LETHE_TRY(verification.Check(manifest).ToStatus());
  LETHE_TRY(CheckNewFolder(data_dir));
  LETHE_TRY(storage::RestoreEngine(storage::PlacedAt({}, data_dir + "/" + kDatabaseDir),
                                   *store.CopyOf(manifest, [&](std::uint64_t bytes) {
                                     progress(verification.bytes_read() + bytes);
                                   })));
  LETHE_TRY(WriteDescriptor(data_dir, descriptor));
  OpenOptions open{.data_dir = data_dir};
  open.key_services = options.key_services;
  open.gap = std::move(gap);
  auto restored = OpenOnce(open, clock, random);
  if (!restored.ok()) {
    // Without it the folder holds no vault that a server would try to start.
    std::error_code ignored;
    fs::remove(data_dir + "/" + kDescriptorFile, ignored);
    return restored.status();
  }
  restored->backup_position = manifest.position;
  return restored;
}

}  // namespace lethe::vault
