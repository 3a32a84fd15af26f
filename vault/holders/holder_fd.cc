#include "vault/holders/holder_fd.h"

#include <cerrno>
#include <ctime>

#include <sys/file.h>
#include <sys/stat.h>

#include "base/reason.h"

namespace lethe::vault::holders {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t NanosecondsOf(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * kSecond + time.tv_nsec;
}

}  // namespace

absl::Status Unreachable(std::string_view message) {
  return Refuse(Reason::kHolderUnreachable, message);
}

absl::Status WriteAt(int fd, std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Unreachable("a holder's file cannot be written");
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status LockFile(int fd) {
  return flock(fd, LOCK_EX | LOCK_NB) == 0
             ? absl::OkStatus()
             : Unreachable("the holder's file is in use by another process");
}

void UnlockFile(int fd) { flock(fd, LOCK_UN); }

// The time of the inode's change: whoever writes sets it, and unlike that of the contents nobody
// can set it back.
std::optional<LastChange> LastChangeOf(int fd) {
  struct stat found;
  timespec now;
  if (fstat(fd, &found) != 0 || clock_gettime(CLOCK_REALTIME_COARSE, &now) != 0) {
    return std::nullopt;
  }
  const std::int64_t changed = NanosecondsOf(found.st_ctim);
  // Those clocks go in steps of some milliseconds, and two changes within one look like one.
  return LastChange{.time = changed, .settled = NanosecondsOf(now) - changed > kSecond};
}

}  // namespace lethe::vault::holders
