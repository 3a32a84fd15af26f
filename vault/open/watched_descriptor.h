// vault.json is read once; lost or changed afterwards, it would not be missed until the next start.
#ifndef LETHE_VAULT_OPEN_WATCHED_DESCRIPTOR_H_
#define LETHE_VAULT_OPEN_WATCHED_DESCRIPTOR_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
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
  // Which file it is, its size and when it was changed.
  using Looks = std::array<std::int64_t, 5>;
  static std::optional<Looks> LooksOf(const std::string& path);
  bool SaysTheSame() const;

  const std::string data_dir_;
  const std::string path_;
  const std::string text_;  // As EncodeDescriptor writes it.
  std::optional<Looks> looks_;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_WATCHED_DESCRIPTOR_H_
