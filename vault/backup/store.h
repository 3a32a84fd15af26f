// A BackupStore is a folder of backups that share their files:
//
//   <position, 20 digits>.backup   one signed manifest each (manifest.h), written last
//   <position, 20 digits>.verified what was found when the backup was read last (note.h)
//   files/<sha256, hex>            contents; a file that two backups have in common is there once
//
// What a cut-off backup left in files/ is taken up by the next one. The folder may lie anywhere: it
// holds ciphertext, and what it gives back is checked against the manifest. That a content is there
// says nothing of its bytes: whoever builds on one reads it (verification.h).
#ifndef LETHE_VAULT_BACKUP_STORE_H_
#define LETHE_VAULT_BACKUP_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/hash.h"
#include "storage/engine_copy.h"
#include "vault/backup/manifest.h"

namespace lethe::vault::backup {

class BackupStore {
 public:
  // Bytes done so far.
  using Progress = std::function<void(std::uint64_t bytes)>;

  // Makes the folder (mode 0700) if it is absent.
  static absl::StatusOr<BackupStore> Make(const std::string& folder);
  // NOT_FOUND: no backup store.
  static absl::StatusOr<BackupStore> Open(const std::string& folder);

  // Positions of the backups, ascending.
  absl::StatusOr<std::vector<std::uint64_t>> List() const;
  // The contents that are there, by digest; at most kFilesMax.
  absl::StatusOr<std::set<crypto::Digest>> Contents() const;

  // NOT_FOUND; Read's errors.
  absl::StatusOr<SignedManifest> Load(std::uint64_t position) const;
  // The files as the engine gave them, each checked as it is read: DATA_LOSS names a damaged one.
  std::unique_ptr<storage::EngineCopy> CopyOf(const Manifest& manifest,
                                              const Progress& progress) const;
  // Puts a manifest in its place, synced.
  absl::Status Publish(std::uint64_t position, const std::string& signed_text) const;

  // The text of a note. NOT_FOUND.
  absl::StatusOr<std::string> LoadNote(std::uint64_t position) const;
  absl::Status SaveNote(std::uint64_t position, const std::string& text) const;

  std::string PathOf(const crypto::Digest& content) const;

 private:
  explicit BackupStore(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
};

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_STORE_H_
