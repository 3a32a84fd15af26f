#include "base/file_stamp.h"

#include <algorithm>

#include <sys/stat.h>

namespace lethe {

FileStamp FileStamp::Of(const std::string& path) {
  struct stat facts {};
  if (path.empty() || stat(path.c_str(), &facts) != 0) return {};
  // Of the inode: also what a tool does that puts the old modification time back.
  const absl::Time changed =
      std::max(absl::TimeFromTimespec(facts.st_ctim), absl::TimeFromTimespec(facts.st_mtim));
  return {facts.st_dev, facts.st_ino, facts.st_size, absl::ToUnixNanos(changed)};
}

}  // namespace lethe
