// A Verification reads the contents of backups back, each once however many backups share it, and
// tells which of their files are not what was backed up.
#ifndef LETHE_VAULT_BACKUP_VERIFICATION_H_
#define LETHE_VAULT_BACKUP_VERIFICATION_H_

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "crypto/hash.h"
#include "vault/backup/content.h"
#include "vault/backup/manifest.h"
#include "vault/backup/store.h"

namespace lethe::vault::backup {

struct BadFile {
  File file;
  Fault fault = Fault::kNone;
};

struct Verdict {
  std::vector<BadFile> bad;  // In the manifest's order.
  crypto::Digest looks{};    // Of all contents, before they were read (LooksOf).

  bool whole() const { return bad.empty(); }
  // DATA_LOSS that names the first bad file, and how many more there are.
  absl::Status ToStatus() const;
};

// What the contents of a backup look like, in one digest: another one later means that somebody has
// written to them since. `look_at` gives the look of one of its files; a look of nothing stands for
// one that is missing.
crypto::Digest LooksOf(const Manifest& manifest, const std::function<Look(const File&)>& look_at);

class Verification {
 public:
  // `progress` is told the bytes read so far; it may take its time, and so holds the reading back.
  Verification(const BackupStore& store, BackupStore::Progress progress)
      : store_(store), progress_(std::move(progress)) {}

  Verdict Check(const Manifest& manifest);
  // The content is written anew: it will be read again.
  void Forget(const crypto::Digest& content);

  // How much Check would have to read for all of these.
  std::uint64_t BytesToRead(std::span<const Manifest* const> manifests) const;
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  struct Found {
    Look look;
    Fault fault = Fault::kNone;
  };
  // Two files of one digest have one size, unless a manifest was signed with nonsense in it.
  using Key = std::pair<crypto::Digest, std::uint64_t>;

  Found ReadBack(const File& file);

  const BackupStore store_;
  const BackupStore::Progress progress_;
  std::map<Key, Found> found_;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_VERIFICATION_H_
