// A DirectReader reads a file from its device, not from the page cache: what a sync claims to have
// written is believed only once it was read this way.
#ifndef LETHE_BASE_DIRECT_READ_H_
#define LETHE_BASE_DIRECT_READ_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace lethe {

// Thread-safe. Buffers are wiped: what is read may hold a root.
class DirectReader {
 public:
  // NOT_FOUND, INTERNAL, RESOURCE_EXHAUSTED (kDescriptorReserve).
  static absl::StatusOr<DirectReader> Open(const std::string& path);
  DirectReader(DirectReader&& other) noexcept;
  DirectReader& operator=(DirectReader&&) = delete;
  ~DirectReader();

  // Fills `out` from `offset` and returns how many bytes there were: fewer only at the file's end.
  absl::StatusOr<std::size_t> Read(std::uint64_t offset, MutableBytes out) const;

  // False where the file system has no O_DIRECT: then Read asks the kernel to drop its copy first,
  // which a kernel may ignore.
  bool past_cache() const { return direct_fd_ >= 0; }

 private:
  DirectReader(int fd, int direct_fd) : fd_(fd), direct_fd_(direct_fd) {}
  absl::StatusOr<std::size_t> ReadBuffered(std::uint64_t offset, MutableBytes out) const;

  int fd_;
  int direct_fd_;  // -1: none.
};

}  // namespace lethe

#endif  // LETHE_BASE_DIRECT_READ_H_
