// vault.json is read once; lost or changed afterwards, it would not be missed until the next start.
#ifndef LETHE_VAULT_OPEN_WATCHED_DESCRIPTOR_H_
#define LETHE_VAULT_OPEN_WATCHED_DESCRIPTOR_H_

#include <string>

#include "absl/status/status.h"
#include "base/file_stamp.h"
#include "vault/open/descriptor.h"

namespace lethe::vault {

// Thread-safe.
class WatchedDescriptor {
 public:
  WatchedDescriptor(std::string data_dir, const Descriptor& opened);

  // The next start reads the same. FAILED_PRECONDITION: it does not, and what to do. Needs no
  // descriptor of the process while nobody has touched the file.
  absl::Status Check() const;

 private:
  bool SaysTheSame() const;

  const std::string data_dir_;
  const std::string path_;
  const std::string text_;  // As EncodeDescriptor writes it.
  FileStamp stamp_;         // Of a file that says the same.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_WATCHED_DESCRIPTOR_H_
