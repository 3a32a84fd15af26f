// The descriptor of a holder's file, and what is asked of the system through it.
#ifndef LETHE_VAULT_HOLDERS_HOLDER_FD_H_
#define LETHE_VAULT_HOLDERS_HOLDER_FD_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "absl/status/status.h"
#include "base/bytes.h"
#include "vault/holders/file_holder.h"

namespace lethe::vault::holders {

// A descriptor that is closed.
class OwnedFd {
 public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  ~OwnedFd() {
    if (fd_ >= 0) close(fd_);
  }
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

// UNAVAILABLE (kHolderUnreachable).
absl::Status Unreachable(std::string_view message);

// UNAVAILABLE (kHolderUnreachable).
absl::Status WriteAt(int fd, std::uint64_t offset, Bytes bytes);

// For as long as the descriptor is open, or until UnlockFile. UNAVAILABLE (kHolderUnreachable):
// another one has it.
absl::Status LockFile(int fd);
void UnlockFile(int fd);

// Absent: the system does not answer.
std::optional<LastChange> LastChangeOf(int fd);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_HOLDER_FD_H_
