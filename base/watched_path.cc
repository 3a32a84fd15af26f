#include "base/watched_path.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/status_macros.h"

namespace lethe {

absl::StatusOr<WatchedPath::Facts> WatchedPath::FactsOf(int fd, const char* path) {
  struct statx found {};
  if (statx(fd, path, AT_EMPTY_PATH | AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS | STATX_MNT_ID,
            &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return absl::FailedPreconditionError("nothing stands at its path any more");
    }
    return absl::UnavailableError("its path cannot be looked at");
  }
  Facts facts;
  facts.device = gnu_dev_makedev(found.stx_dev_major, found.stx_dev_minor);
  facts.inode = found.stx_ino;
  facts.mount = (found.stx_mask & STATX_MNT_ID) != 0 ? found.stx_mnt_id : 0;
  facts.size = S_ISDIR(found.stx_mode) ? 0 : found.stx_size;
  facts.links = found.stx_nlink;
  return facts;
}

absl::StatusOr<WatchedPath> WatchedPath::Of(std::string path, int fd) {
  WatchedPath watched(std::move(path), fd);
  LETHE_ASSIGN(watched.opened_, FactsOf(fd, ""));
  LETHE_TRY(watched.Check());
  return watched;
}

absl::Status WatchedPath::Check() const {
  LETHE_ASSIGN(const Facts open, FactsOf(fd_, ""));
  if (open.links == 0) return absl::FailedPreconditionError("it was deleted while it was open");
  LETHE_ASSIGN(const Facts named, FactsOf(AT_FDCWD, path_.c_str()));
  if (named.device != opened_.device || named.inode != opened_.inode) {
    return absl::FailedPreconditionError("something else stands at its path");
  }
  if (named.mount != opened_.mount) {
    return absl::FailedPreconditionError("it is mounted in another way than when it was opened");
  }
  if (open.size < opened_.size) {
    return absl::FailedPreconditionError("it is shorter than when it was opened");
  }
  return absl::OkStatus();
}

}  // namespace lethe
