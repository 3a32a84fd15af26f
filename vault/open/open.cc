#include "vault/open/open.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/engine_spec.h"
#include "vault/archive/archive.h"
#include "vault/holders/holder_set.h"
#include "vault/open/descriptor.h"
#include "vault/open/open_database.h"
#include "vault/open/open_holders.h"
#include "vault/open/open_parts.h"
#include "vault/open/opened_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault {
namespace {

namespace fs = std::filesystem;

// A new volume's root is not empty on ext4.
bool IsEmptyFolder(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename() != "lost+found") return false;
  }
  return !error;
}

absl::StatusOr<Descriptor> Plan(const InitOptions& options, Random& random) {
  Descriptor descriptor{.id = VaultId::Draw(random), .dev = options.dev};
  const std::string data_dir = AbsolutePath(options.data_dir);
  for (HolderSpec holder : options.holders) {
    holder.slots = Inside(data_dir, AbsolutePath(holder.slots));
    descriptor.holders.push_back(std::move(holder));
  }
  if (descriptor.holders.empty() && options.dev) descriptor.holders.emplace_back("holder.slots");
  if (descriptor.holders.empty() || descriptor.holders.size() > holders::kHoldersMax) {
    return Refuse(Reason::kFieldInvalid,
                  "one to three holder files are needed, each on a volume nobody snapshots",
                  "holders", "holders");
  }
  if (options.no_archive) return descriptor;
  if (options.archive_dir.empty() && !options.dev) {
    return Refuse(Reason::kFieldRequired,
                  "an archive folder is needed, or the decision to do without one", "archive",
                  "archive");
  }
  descriptor.archive_dir =
      options.archive_dir.empty() ? "archive" : Inside(data_dir, AbsolutePath(options.archive_dir));
  return descriptor;
}

}  // namespace

absl::Status CheckUnused(const std::string& data_dir) {
  std::error_code error;
  if (fs::exists(data_dir + "/" + kDescriptorFile, error)) {
    return absl::AlreadyExistsError("the folder holds a vault already; nothing was changed");
  }
  if (fs::exists(data_dir, error) && !fs::is_directory(data_dir, error)) {
    return absl::FailedPreconditionError("the data path is a file, not a folder");
  }
  if (fs::exists(data_dir + "/" + kDatabaseDir, error)) {
    return absl::FailedPreconditionError(
        "the folder holds a vault's database without its vault.json: choose an empty or a new one; "
        "to have the lost vault.json written anew: lethe vault describe");
  }
  if (fs::exists(data_dir, error) && !IsEmptyFolder(data_dir)) {
    return absl::FailedPreconditionError(
        "the folder is not empty and holds no vault: choose an empty or a new one");
  }
  return absl::OkStatus();
}

absl::Status CheckNewFolder(const std::string& data_dir) {
  LETHE_TRY(CheckUnused(data_dir));
  std::error_code error;
  fs::create_directories(data_dir, error);
  if (error) return absl::FailedPreconditionError("the data folder cannot be made");
  // Its contents tell nothing, but there is no reason for others to look at them.
  fs::permissions(data_dir, fs::perms::owner_all, error);
  return absl::OkStatus();
}

absl::StatusOr<InitResult> InitVault(const InitOptions& options, Clock& clock, Random& random) {
  LETHE_ASSIGN(const Descriptor descriptor, Plan(options, random));
  const std::string data_dir = AbsolutePath(options.data_dir);
  LETHE_TRY(CheckNewFolder(data_dir));
  // The holders first: a file system that cannot forget is found out before anything else is made.
  LETHE_TRY(CreateHolderFiles(data_dir, descriptor));
  if (descriptor.archive_dir.has_value()) {
    LETHE_TRY(
        archive::Archive::Create(ResolvePath(data_dir, *descriptor.archive_dir), descriptor.id));
  }
  LETHE_ASSIGN(auto engine, storage::CreateEngine(
                                storage::PlacedAt({}, data_dir + "/" + kDatabaseDir), AllTables()));
  LETHE_ASSIGN(VaultParts parts, OpenParts(data_dir, descriptor, std::move(engine), {}, random));
  LETHE_ASSIGN(InitResult result, CreateVaultOn(std::move(parts), clock, random));
  LETHE_TRY(WriteDescriptor(data_dir, descriptor));
  return result;
}

absl::StatusOr<std::unique_ptr<Vault>> OpenVault(const OpenOptions& options, Clock& clock,
                                                 Random& random) {
  LETHE_ASSIGN(const Descriptor descriptor, ReadDescriptor(options.data_dir));
  // First: it says whether another process has the vault.
  LETHE_ASSIGN(auto engine, OpenDatabase(options.data_dir, options.engine));
  LETHE_ASSIGN(VaultParts parts, OpenParts(options.data_dir, descriptor, std::move(engine),
                                           options.key_services, random));
  LETHE_ASSIGN(auto vault, OpenVaultOn(std::move(parts),
                                       RunOptions{.tenants = options.tenants,
                                                  .doomed_delay = options.doomed_delay,
                                                  .durable_reads = options.durable_reads},
                                       clock, random));
  if (options.gap.has_value()) LETHE_TRY(vault->RecordGap(*options.gap));
  return std::unique_ptr<Vault>(std::move(vault));
}

}  // namespace lethe::vault
