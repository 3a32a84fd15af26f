// Takes a backup's stream in, as it comes off the wire, and puts it into a store.
//
//   stream = U32 size of the signed manifest, the manifest, then, in its order, the content of each
//            file that the receiver did not say it has; a content that two files share comes once
#ifndef LETHE_VAULT_BACKUP_RECEIVER_H_
#define LETHE_VAULT_BACKUP_RECEIVER_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/private_file.h"
#include "crypto/hash.h"
#include "vault/backup/manifest.h"
#include "vault/backup/store.h"

namespace lethe::vault::backup {

// The files of `manifest` whose contents have to travel, in the order in which they do.
std::vector<const File*> FilesToSend(const Manifest& manifest, std::set<crypto::Digest> there);

class Receiver {
 public:
  // `there`: what the sender was told. `signer`: whose signature must be under the manifest.
  Receiver(const BackupStore& store, std::set<crypto::Digest> there,
           const crypto::PublicKey& signer)
      : store_(store), there_(std::move(there)), signer_(signer) {}

  // The next bytes, however they are cut. DATA_LOSS: they are no backup of this signer's.
  absl::Status Add(std::string_view bytes);
  // After the last byte. DATA_LOSS: the stream was cut short. There is no backup yet: what the
  // receiver had before has not been read (taking.h), and the manifest is in no place.
  absl::StatusOr<SignedManifest> Finish();
  // Puts the manifest that Finish gave in its place.
  absl::Status Publish() const;

  // Of the contents that travel; 0 until the manifest is there.
  std::uint64_t bytes_expected() const { return bytes_expected_; }
  std::uint64_t bytes_received() const { return bytes_received_; }

 private:
  absl::Status TakeManifest(std::string text);
  absl::Status StartFile();
  absl::Status EndFile();
  absl::Status AddToFiles(std::string_view bytes);

  const BackupStore& store_;
  const std::set<crypto::Digest> there_;
  const crypto::PublicKey signer_;

  std::string head_;  // Size and manifest, until both are whole.
  std::string text_;  // The signed manifest.
  std::optional<SignedManifest> found_;
  std::vector<const File*> files_;  // Of the manifest's, in the order of the stream.
  std::size_t next_ = 0;
  std::optional<PrivateFile> out_;  // What files_[next_] is written to.
  crypto::Sha256Stream hash_;
  std::uint64_t left_ = 0;  // Bytes that files_[next_] still lacks.
  std::uint64_t bytes_expected_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_RECEIVER_H_
