#include "base/direct_read.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "base/check.h"
#include "base/descriptors.h"
#include "base/status_macros.h"

namespace lethe {
namespace {

// O_DIRECT wants memory, offset and size in blocks of the device; none is larger than a page.
constexpr std::size_t kBlockBytes = 4096;
// One request; larger reads are cut into these.
constexpr std::size_t kRequestBytes = 256 * kBlockBytes;

class AlignedBuffer {
 public:
  explicit AlignedBuffer(std::size_t size)
      : data_(static_cast<std::uint8_t*>(std::aligned_alloc(kBlockBytes, size))), size_(size) {
    LETHE_CHECK(data_ != nullptr);
  }
  ~AlignedBuffer() {
    Wipe({data_, size_});
    std::free(data_);
  }
  AlignedBuffer(const AlignedBuffer&) = delete;
  AlignedBuffer& operator=(const AlignedBuffer&) = delete;
  std::uint8_t* data() { return data_; }

 private:
  std::uint8_t* const data_;
  const std::size_t size_;
};

constexpr std::uint64_t RoundDown(std::uint64_t value) { return value / kBlockBytes * kBlockBytes; }

absl::Status CannotRead() { return absl::InternalError("a file could not be read"); }

// Reads until `size` bytes are there or the file ends.
absl::StatusOr<std::size_t> ReadFull(int fd, std::uint64_t offset, std::uint8_t* out,
                                     std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(fd, out + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead();
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
    // A direct read that stops within a block has met the end; the next would not be aligned.
    if (static_cast<std::size_t>(got) % kBlockBytes != 0) break;
  }
  return done;
}

// Some file systems take the flag and refuse the read: only a read tells.
bool CanReadDirectly(int fd) {
  AlignedBuffer probe(kBlockBytes);
  return pread(fd, probe.data(), kBlockBytes, 0) >= 0;
}

}  // namespace

absl::StatusOr<DirectReader> DirectReader::Open(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    if (IsDescriptorShortage(errno)) return DescriptorShortage();
    return errno == ENOENT ? absl::NotFoundError("a file is missing") : CannotRead();
  }
  int direct_fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
  if (direct_fd < 0 && IsDescriptorShortage(errno)) {
    close(fd);  // Or the page cache would be believed for want of a descriptor.
    return DescriptorShortage();
  }
  if (direct_fd >= 0 && !CanReadDirectly(direct_fd)) {
    close(direct_fd);
    direct_fd = -1;
  }
  return DirectReader(fd, direct_fd);
}

DirectReader::DirectReader(DirectReader&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), direct_fd_(std::exchange(other.direct_fd_, -1)) {}

DirectReader::~DirectReader() {
  if (direct_fd_ >= 0) close(direct_fd_);
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<std::size_t> DirectReader::Read(std::uint64_t offset, MutableBytes out) const {
  if (!past_cache()) return ReadBuffered(offset, out);
  std::size_t done = 0;
  while (done < out.size()) {
    const std::uint64_t from = RoundDown(offset + done);
    const std::size_t skip = offset + done - from;
    const std::size_t wanted =
        std::min<std::size_t>(kRequestBytes, RoundDown(skip + out.size() - done - 1) + kBlockBytes);
    AlignedBuffer buffer(wanted);
    LETHE_ASSIGN(const std::size_t got, ReadFull(direct_fd_, from, buffer.data(), wanted));
    if (got <= skip) break;
    const std::size_t taken = std::min(got - skip, out.size() - done);
    std::memcpy(out.data() + done, buffer.data() + skip, taken);
    done += taken;
    if (got < wanted) break;
  }
  return done;
}

absl::StatusOr<std::size_t> DirectReader::ReadBuffered(std::uint64_t offset,
                                                       MutableBytes out) const {
  posix_fadvise(fd_, static_cast<off_t>(offset), static_cast<off_t>(out.size()),
                POSIX_FADV_DONTNEED);
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got =
        pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead();
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace lethe
