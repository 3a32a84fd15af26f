#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/descriptors.h"
#include "base/direct_read.h"
#include "base/status_macros.h"
#include "base/watched_path.h"
#include "vault/archive/append_file.h"

namespace lethe::vault::archive {
namespace {

constexpr mode_t kFileMode = 0600;  // Ciphertext, but nobody else's business.

absl::Status Failed() { return absl::InternalError("the archive's folder failed"); }

// Of a file that could not be opened.
absl::Status NotOpened() { return IsDescriptorShortage(errno) ? DescriptorShortage() : Failed(); }

class PosixAppendFile final : public AppendFile {
 public:
  // `folder` stays open as long as the file.
  PosixAppendFile(int fd, int folder, std::string name)
      : fd_(fd), folder_(folder), name_(std::move(name)) {}
  ~PosixAppendFile() override { close(fd_); }

  absl::Status Append(Bytes bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return Failed();
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override { return fdatasync(fd_) == 0 ? absl::OkStatus() : Failed(); }

  absl::Status CheckThere(std::uint64_t size) const override {
    struct stat open, named;
    if (fstat(fd_, &open) != 0) return absl::UnavailableError("the system does not say");
    if (open.st_nlink == 0)
      return absl::FailedPreconditionError("it was deleted while it was open");
    if (fstatat(folder_, name_.c_str(), &named, 0) != 0) {
      return absl::FailedPreconditionError("nothing has its name any more");
    }
    if (named.st_dev != open.st_dev || named.st_ino != open.st_ino) {
      return absl::FailedPreconditionError("something else has its name");
    }
    if (static_cast<std::uint64_t>(open.st_size) < size) {
      return absl::FailedPreconditionError("it is shorter than what was written");
    }
    return absl::OkStatus();
  }

 private:
  const int fd_;
  const int folder_;
  const std::string name_;
};

class PosixFolder final : public AppendFolder {
 public:
  PosixFolder(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  ~PosixFolder() override { close(fd_); }

  absl::Status Watch() {
    LETHE_ASSIGN(watched_, WatchedPath::Of(path_, fd_));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::string>> List() const override;
  absl::StatusOr<std::unique_ptr<AppendFile>> Create(const std::string& name) override;
  absl::StatusOr<std::unique_ptr<AppendFile>> OpenCutTo(const std::string& name,
                                                        std::uint64_t size) override;
  absl::Status Sync() override { return fsync(fd_) == 0 ? absl::OkStatus() : Failed(); }
  absl::StatusOr<std::uint64_t> SizeOf(const std::string& name) const override;
  absl::StatusOr<std::string> Read(const std::string& name, std::uint64_t offset,
                                   std::size_t size) const override;
  absl::StatusOr<std::string> ReadPastCache(const std::string& name, std::uint64_t offset,
                                            std::size_t size) const override;
  absl::Status CheckThere() const override { return watched_->Check(); }
  absl::StatusOr<std::uint64_t> FreeBytes() const override;

 private:
  const std::string path_;
  const int fd_;
  std::optional<WatchedPath> watched_;
};

absl::StatusOr<std::vector<std::string>> PosixFolder::List() const {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(path_, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return Failed();
  return names;
}

absl::StatusOr<std::unique_ptr<AppendFile>> PosixFolder::Create(const std::string& name) {
  const int fd =
      openat(fd_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kFileMode);
  if (fd < 0) {
    return errno == EEXIST ? absl::AlreadyExistsError("the segment exists already") : NotOpened();
  }
  return std::make_unique<PosixAppendFile>(fd, fd_, name);
}

absl::StatusOr<std::unique_ptr<AppendFile>> PosixFolder::OpenCutTo(const std::string& name,
                                                                   std::uint64_t size) {
  const int fd = openat(fd_, name.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) return NotOpened();
  auto file = std::make_unique<PosixAppendFile>(fd, fd_, name);
  if (ftruncate(fd, static_cast<off_t>(size)) != 0) return Failed();
  return file;
}

absl::StatusOr<std::uint64_t> PosixFolder::SizeOf(const std::string& name) const {
  struct stat found;
  if (fstatat(fd_, name.c_str(), &found, 0) != 0) return Failed();
  return static_cast<std::uint64_t>(found.st_size);
}

absl::StatusOr<std::string> PosixFolder::Read(const std::string& name, std::uint64_t offset,
                                              std::size_t size) const {
  const int fd = openat(fd_, name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NotOpened();
  std::string bytes(size, '\0');
  std::size_t done = 0;
  ssize_t got = 1;
  while (done < size && got != 0) {
    got = pread(fd, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno != EINTR) break;
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  close(fd);
  if (got < 0) return Failed();
  bytes.resize(done);
  return bytes;
}

absl::StatusOr<std::string> PosixFolder::ReadPastCache(const std::string& name,
                                                       std::uint64_t offset,
                                                       std::size_t size) const {
  LETHE_ASSIGN(const DirectReader reader, DirectReader::Open(path_ + "/" + name));
  std::string bytes(size, '\0');
  LETHE_ASSIGN(const std::size_t got, reader.Read(offset, AsMutableBytes(bytes)));
  bytes.resize(got);
  return bytes;
}

absl::StatusOr<std::uint64_t> PosixFolder::FreeBytes() const {
  struct statvfs found;
  if (fstatvfs(fd_, &found) != 0) return Failed();
  return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
}

}  // namespace

absl::Status MakeFolder(const std::string& path) {
  constexpr mode_t kFolderMode = 0700;
  if (mkdir(path.c_str(), kFolderMode) != 0) {
    return errno == EEXIST ? absl::OkStatus() : Failed();
  }
  const std::string above = std::filesystem::path(path).parent_path().string();
  LETHE_ASSIGN(const std::unique_ptr<AppendFolder> parent,
               OpenPosixFolder(above.empty() ? "." : above));
  return parent->Sync();
}

absl::StatusOr<std::unique_ptr<AppendFolder>> OpenPosixFolder(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    const bool nothing = errno == ENOENT || errno == ENOTDIR;
    return nothing ? absl::NotFoundError("no such folder") : Failed();
  }
  auto folder = std::make_unique<PosixFolder>(path, fd);
  LETHE_TRY(folder->Watch());
  return folder;
}

}  // namespace lethe::vault::archive
