// A path, and the file or folder that was opened under it. A rename over it, an unlink, or a mount
// above it leaves a descriptor open on something that the next start will not find.
#ifndef LETHE_BASE_WATCHED_PATH_H_
#define LETHE_BASE_WATCHED_PATH_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe {

class WatchedPath {
 public:
  // Remembers what `fd` is open on. The descriptor stays the caller's and must outlive this.
  // FAILED_PRECONDITION: something else stands at `path` already.
  static absl::StatusOr<WatchedPath> Of(std::string path, int fd);

  // The next one who opens the path gets what the descriptor has: same device, inode and mount, a
  // name that is left, and for a file no byte less than when it was remembered.
  // FAILED_PRECONDITION: not so, and how (a literal, without the path). UNAVAILABLE: the system
  // does not say.
  absl::Status Check() const;

 private:
  WatchedPath(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  struct Facts {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t mount = 0;
    std::uint64_t size = 0;  // Of a file, in bytes; a folder's says nothing.
    std::uint32_t links = 0;
  };
  static absl::StatusOr<Facts> FactsOf(int fd, const char* path);

  std::string path_;
  int fd_;
  Facts opened_;
};

}  // namespace lethe

#endif  // LETHE_BASE_WATCHED_PATH_H_
