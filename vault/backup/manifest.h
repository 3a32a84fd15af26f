// What a backup consists of: the contents of a copy of the engine and the place of the journal
// where it ends, signed by the vault it was taken from. A backup is ciphertext and holds no root.
//
//   text = JSON, line feed, "lethe-backup-v1 " key " " signature, line feed
//          key: Ed25519 public key, signature: over "lethe.backup.v1" and the JSON; both base64
//   JSON = {"format": 1, "vault_id": uuid, "position": journal sequence, "archived": bool,
//           "dev": bool, "chain": hex, "create_time": RFC 3339, "files": [{"name", "size_bytes",
//           "sha256": hex},
//           ...]}
#ifndef LETHE_VAULT_BACKUP_MANIFEST_H_
#define LETHE_VAULT_BACKUP_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "crypto/hash.h"
#include "crypto/signing.h"

namespace lethe::vault::backup {

inline constexpr std::size_t kFilesMax = 100'000;  // An engine's contents are some 64 MiB each.
inline constexpr std::size_t kManifestBytesMax = 32u << 20;  // kFilesMax rows of some 200 bytes.

struct File {
  std::string name;  // Of one file, without a folder.
  std::uint64_t size_bytes = 0;
  crypto::Digest sha256{};
};

struct Manifest {
  VaultId vault;
  std::uint64_t position = 0;  // The journal's sequence the copy ends at.
  bool archived = true;        // False: the vault has no archive, so no shred may follow.
  bool dev = false;            // The vault is one for development, and so is what is restored.
  crypto::Digest chain{};      // Of the archive, over all frames up to there; zeros without one.
  absl::Time create_time;
  std::vector<File> files;

  std::uint64_t size_bytes() const;
};

std::string Sign(const Manifest& manifest, const crypto::SigningKey& key);

struct SignedManifest {
  Manifest manifest;
  crypto::PublicKey signer;  // Whoever distrusts the storage compares it with the vault's.
  crypto::Digest sha256;     // Of the whole text.
};

// DATA_LOSS: not what Sign writes, or its signature does not fit. kUnsupportedFormat.
absl::StatusOr<SignedManifest> Read(const std::string& text);

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_MANIFEST_H_
