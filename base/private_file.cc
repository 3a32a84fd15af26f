#include "base/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/status_macros.h"

namespace lethe {
namespace {

std::string PartialOf(const std::string& path) { return path + ".partial"; }

absl::Status Failed(const char* what, const std::string& path) {
  return absl::UnknownError(std::string(what) + " " + path + ": " + std::strerror(errno));
}

}  // namespace

PrivateFile::PrivateFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

PrivateFile::~PrivateFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(PartialOf(path_).c_str());
}

absl::StatusOr<PrivateFile> PrivateFile::Create(const std::string& path) {
  const std::string partial = PartialOf(path);
  // Unlinked first: an existing file would keep the mode somebody else gave it.
  ::unlink(partial.c_str());
  const int fd =
      ::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return Failed("cannot make", partial);
  return PrivateFile(path, fd);
}

absl::Status PrivateFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("cannot write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status PrivateFile::Finish() {
  if (::fsync(fd_) != 0) return Failed("cannot sync", path_);
  if (::rename(PartialOf(path_).c_str(), path_.c_str()) != 0) return Failed("cannot place", path_);
  ::close(std::exchange(fd_, -1));
  const std::size_t slash = path_.rfind('/');
  return SyncFolder(slash == std::string::npos ? "." : path_.substr(0, slash + 1));
}

absl::Status SyncFolder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Failed("cannot open", path);
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced ? absl::OkStatus() : Failed("cannot sync", path);
}

absl::Status WritePrivateFile(const std::string& path, std::string_view bytes) {
  LETHE_ASSIGN(PrivateFile file, PrivateFile::Create(path));
  LETHE_TRY(file.Append(bytes));
  return file.Finish();
}

absl::Status MakePrivateFolder(const std::string& path) {
  for (std::size_t end = path.find('/', 1); true; end = path.find('/', end + 1)) {
    const std::string folder = path.substr(0, end);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return Failed("cannot make", folder);
    if (end == std::string::npos) break;
  }
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return Failed("cannot look at", path);
  if (!S_ISDIR(info.st_mode)) return absl::FailedPreconditionError("not a folder: " + path);
  return absl::OkStatus();
}

}  // namespace lethe
