// One content of a store, read back and checked: what was written once is believed only as far as
// it was read.
#ifndef LETHE_VAULT_BACKUP_CONTENT_H_
#define LETHE_VAULT_BACKUP_CONTENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/direct_read.h"
#include "crypto/hash.h"
#include "vault/backup/manifest.h"

namespace lethe::vault::backup {

enum class Fault {
  kNone,
  kMissing,
  kUnreadable,  // The storage gives an error instead of the bytes.
  kOtherSize,
  kOtherBytes,
};

// Upper-snake; empty for what is none of them.
std::string_view NameOf(Fault fault);
// DATA_LOSS that names the file, what is wrong with it and what it is called in the store.
absl::Status Damaged(const File& file, Fault fault);

// What a content looks like to somebody who does not read it.
struct Look {
  std::uint64_t size_bytes = 0;
  std::int64_t modified_ns = 0;  // Since 1970.

  bool operator==(const Look&) const = default;
};

// NOT_FOUND: there is no regular file.
absl::StatusOr<Look> LookAt(const std::string& path);

// A ContentReader reads from the device, past the page cache where the file system allows it.
class ContentReader {
 public:
  ContentReader(const std::string& path, File file);

  // The next bytes; none at the end, which is told only where all before it were right. DATA_LOSS,
  // as Damaged says it, and again from then on.
  absl::StatusOr<std::string> Read(std::size_t bytes_max);
  // What was found so far.
  Fault fault() const { return fault_; }

 private:
  Fault Take(const std::string& piece);

  const File file_;
  std::optional<DirectReader> reader_;
  crypto::Sha256Stream hash_;
  std::uint64_t at_ = 0;
  Fault fault_ = Fault::kNone;
};

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_CONTENT_H_
