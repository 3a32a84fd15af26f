#include "server/tls/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"

namespace lethe::server {
namespace {

absl::Status Failed(const char* step) {
  return absl::UnavailableError(
      absl::StrFormat("no file in memory for the certificates: %s: %s", step, strerror(errno)));
}

// Open on all of `contents`, or an error; never half of it.
absl::StatusOr<int> Filled(std::string_view contents, std::int64_t number) {
  const int fd = memfd_create("lethe-tls", MFD_CLOEXEC);
  if (fd < 0) return Failed("memfd_create");
  const timespec time{.tv_sec = number, .tv_nsec = 0};
  const timespec times[2] = {time, time};
  while (!contents.empty()) {
    const ssize_t put = write(fd, contents.data(), contents.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) break;
    contents.remove_prefix(static_cast<std::size_t>(put));
  }
  if (!contents.empty() || fchmod(fd, S_IRUSR) != 0 || futimens(fd, times) != 0) {
    absl::Status failed = Failed("write");
    close(fd);
    return failed;
  }
  return fd;
}

}  // namespace

MemoryFile::MemoryFile(int fd) : fd_(fd), path_(absl::StrFormat("/proc/self/fd/%d", fd)) {}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), number_(other.number_), path_(std::move(other.path_)) {}

MemoryFile::~MemoryFile() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<MemoryFile> MemoryFile::Create(std::string_view contents) {
  LETHE_ASSIGN(const int fd, Filled(contents, 1));
  MemoryFile file(fd);
  struct stat facts {};
  if (stat(file.path_.c_str(), &facts) != 0) return Failed("/proc/self/fd");
  return file;
}

MemoryFile::Next::Next(Next&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
MemoryFile::Next::~Next() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<MemoryFile::Next> MemoryFile::Prepare(std::string_view contents) const {
  LETHE_ASSIGN(const int fd, Filled(contents, number_ + 1));
  return Next(fd);
}

void MemoryFile::Take(Next next) {
  // Over a descriptor that is open it needs none; only a signal or a race for the table interrupts.
  while (dup3(next.fd_, fd_, O_CLOEXEC) < 0) LETHE_CHECK(errno == EINTR || errno == EBUSY);
  ++number_;
}

}  // namespace lethe::server
