#include "vault/backup/restore.h"

#include <filesystem>
#include <system_error>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/archive/archive.h"
#include "vault/descriptor.h"
#include "vault/open.h"

namespace lethe::vault::backup {
namespace {

namespace fs = std::filesystem;

// The archive leads on from where the backup ends: same vault, same history.
absl::Status CheckArchive(const Manifest& manifest, const std::string& archive_dir) {
  LETHE_ASSIGN(const auto archive, archive::Archive::Open(archive_dir, manifest.vault));
  LETHE_ASSIGN(const crypto::Digest chain, archive->ChainAt(manifest.position));
  if (chain == manifest.chain) return absl::OkStatus();
  return Refuse(Reason::kChainBroken, "the archive tells another history than the backup");
}

absl::StatusOr<Restored> OpenOnce(const std::string& data_dir, Clock& clock, Random& random) {
  const OpenOptions options{.data_dir = data_dir};
  LETHE_ASSIGN(const auto vault, OpenVault(options, clock, random));
  const VaultStatus status = vault->Status();
  return Restored{.position = status.journal_sequence, .generation = status.generation};
}

}  // namespace

absl::StatusOr<Restored> RestoreVault(const BackupStore& store, const Manifest& manifest,
                                      const RestoreOptions& options, Clock& clock, Random& random,
                                      const BackupStore::Progress& progress) {
  const std::string data_dir = AbsolutePath(options.data_dir);
  Descriptor descriptor{
      .id = manifest.vault, .archive_dir = AbsolutePath(options.archive_dir), .dev = options.dev};
  for (HolderSpec holder : options.holders) {
    holder.slots = AbsolutePath(holder.slots);
    descriptor.holders.push_back(std::move(holder));
  }
  LETHE_TRY(CheckNewFolder(data_dir));
  LETHE_TRY(CheckArchive(manifest, *descriptor.archive_dir));
  LETHE_TRY(store.CopyTo(manifest, data_dir + "/" + kDatabaseDir, progress));
  LETHE_TRY(WriteDescriptor(data_dir, descriptor));
  auto restored = OpenOnce(data_dir, clock, random);
  if (!restored.ok()) {
    // Without it the folder holds no vault that a server would try to start.
    std::error_code ignored;
    fs::remove(data_dir + "/" + kDescriptorFile, ignored);
    return restored.status();
  }
  restored->backup_position = manifest.position;
  return restored;
}

}  // namespace lethe::vault::backup
