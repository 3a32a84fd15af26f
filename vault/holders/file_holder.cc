#include "vault/holders/file_holder.h"

#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_format.h"
#include "base/direct_read.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "base/watched_path.h"
#include "vault/holders/file_self_test.h"
#include "vault/holders/holder_fd.h"
#include "vault/holders/slot_holder.h"

namespace lethe::vault::holders {
namespace {

constexpr mode_t kFileMode = 0600;

class PosixSlotFile final : public SlotFile {
 public:
  PosixSlotFile(OwnedFd fd, DirectReader reader, WatchedPath place, FileHolderOptions options)
      : fd_(std::move(fd)),
        reader_(std::move(reader)),
        place_(std::move(place)),
        options_(std::move(options)) {}

  absl::Status Write(std::uint64_t offset, Bytes bytes) override {
    return WriteAt(fd_.get(), offset, bytes);
  }
  absl::Status Sync() override {
    return fdatasync(fd_.get()) == 0 ? absl::OkStatus() : Unreachable("a holder cannot be synced");
  }
  absl::Status ReadPastCache(std::uint64_t offset, MutableBytes out) override {
    LETHE_ASSIGN(const std::size_t got, reader_.Read(offset, out));
    return got == out.size() ? absl::OkStatus()
                             : absl::DataLossError("a holder's file is too short");
  }
  absl::Status CheckPath() const override { return place_.Check(); }
  std::optional<LastChange> FindLastChange() const override { return LastChangeOf(fd_.get()); }
  absl::StatusOr<PlacedFile> OpenAtPath() const override;

 private:
  const OwnedFd fd_;  // Locked: the file is this process's own.
  const DirectReader reader_;
  const WatchedPath place_;
  const FileHolderOptions options_;
};

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// Zeros in every block: later writes find their blocks and never need new ones.
absl::Status FillAndSync(int fd, int folder_fd) {
  const std::string zeros(64u << 10, '\0');
  for (std::uint64_t offset = 0; offset < kHolderFileBytes; offset += zeros.size()) {
    LETHE_TRY(WriteAt(fd, offset, AsBytes(zeros)));
  }
  if (fsync(fd) != 0 || fsync(folder_fd) != 0) return Unreachable("a holder cannot be synced");
  return absl::OkStatus();
}

absl::StatusOr<OwnedFd> OpenLocked(const FileHolderOptions& options) {
  OwnedFd fd(open(options.path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd.ok() && errno == ENOENT) {
    return absl::NotFoundError(absl::StrFormat(
        "the file of key holder %s is not there: mount its volume or put that very file back; a "
        "copy from before the last erase does not open this vault",
        options.name));
  }
  if (!fd.ok()) return Unreachable("the holder's file cannot be opened");
  LETHE_TRY(LockFile(fd.get()));
  struct stat found;
  if (fstat(fd.get(), &found) != 0) return Unreachable("the holder's file does not answer");
  if (static_cast<std::uint64_t>(found.st_size) < kHolderFileBytes) {
    return absl::DataLossError(absl::StrFormat(
        "the file of key holder %s is too short to be one: it was cut; where another holder is "
        "left, move it away and start again",
        options.name));
  }
  return fd;
}

// What a holder may not move to; nothing was changed.
absl::Status CannotBeHolder(std::string_view what) {
  return Refuse(Reason::kHolderNeeded,
                absl::StrFormat("%s: move it away and rejoin again, which makes a new file", what),
                "holder");
}

// What stands at a holder's path while it is open elsewhere; made anew where nothing does.
absl::StatusOr<OwnedFd> OpenStanding(const FileHolderOptions& options) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  OwnedFd fd(open(options.path.c_str(), kFlags));
  if (fd.ok()) return fd;
  if (errno == ELOOP) return CannotBeHolder("a symbolic link stands at the holder's path");
  if (errno != ENOENT) return CannotBeHolder("what stands at the holder's path cannot be opened");
  LETHE_TRY(CreateHolderFile(options));
  OwnedFd made(open(options.path.c_str(), kFlags));
  if (!made.ok()) return Unreachable("the new holder's file cannot be opened");
  return made;
}

AssuranceProbe Fixed(Assurance assurance, std::string reason) {
  return [assurance, reason = std::move(reason)](std::string* why) {
    *why = reason;
    return assurance;
  };
}

// What a file is worth, recorded now and compared each time it is asked.
AssuranceProbe Watch(int fd, const FileHolderOptions& options, bool reads_past_cache) {
  if (options.dev || options.token)
    return Fixed(Assurance::kUnverified, "development mode: no file system is asked");
  if (!reads_past_cache) {
    return Fixed(Assurance::kNone, "the file system cannot read past its cache (no O_DIRECT)");
  }
  absl::StatusOr<FileSelfTest> test = FileSelfTest::Record(fd, options.path, kHolderFileBytes);
  if (!test.ok()) return Fixed(Assurance::kNone, std::string(test.status().message()));
  return [test = *std::move(test)](std::string* why) {
    const absl::Status status = test.Check();
    *why = std::string(status.message());
    return status.ok() ? Assurance::kHost : Assurance::kNone;
  };
}

// By its descriptor, so that all see one file whatever happens to the name.
absl::StatusOr<PlacedFile> Place(OwnedFd fd, const FileHolderOptions& options) {
  LETHE_ASSIGN(DirectReader reader,
               DirectReader::Open(absl::StrFormat("/proc/self/fd/%d", fd.get())));
  absl::StatusOr<WatchedPath> place = WatchedPath::Of(options.path, fd.get());
  if (!place.ok()) return Unreachable("a holder's file moved while it was opened");
  PlacedFile placed;
  placed.probe = Watch(fd.get(), options, reader.past_cache());
  placed.file =
      std::make_unique<PosixSlotFile>(std::move(fd), std::move(reader), *std::move(place), options);
  return placed;
}

absl::StatusOr<PlacedFile> PosixSlotFile::OpenAtPath() const {
  LETHE_ASSIGN(OwnedFd fd, OpenStanding(options_));
  struct stat open_file;
  struct stat found;
  if (fstat(fd_.get(), &open_file) != 0 || fstat(fd.get(), &found) != 0) {
    return Unreachable("the holder's file does not answer");
  }
  const bool same = open_file.st_dev == found.st_dev && open_file.st_ino == found.st_ino;
  // Of a whole holder's size, no more and no less: nothing else is overwritten by mistake.
  const auto size = static_cast<std::uint64_t>(found.st_size);
  if (!S_ISREG(found.st_mode) || size < kHolderFileBytes || (size > kHolderFileBytes && !same)) {
    return CannotBeHolder("what stands at the holder's path has not the size of a holder's file");
  }
  if (!options_.dev && !options_.token) {
    const absl::Status forgets =
        FileSelfTest::Record(fd.get(), options_.path, kHolderFileBytes).status();
    if (!forgets.ok()) return CannotBeHolder(std::string(forgets.message()));
  }
  // A lock belongs to how the file was opened: the very file is locked by us already.
  if (same) UnlockFile(fd_.get());
  absl::Status locked = LockFile(fd.get());
  absl::StatusOr<PlacedFile> placed = locked.ok() ? Place(std::move(fd), options_) : locked;
  if (!placed.ok()) {
    if (same) (void)LockFile(fd_.get());
    return placed.status();
  }
  placed->same = same;
  return placed;
}

}  // namespace

absl::StatusOr<PlacedFile> SlotFile::OpenAtPath() const {
  return Unreachable("this holder has no path");
}

absl::Status CreateHolderFile(const FileHolderOptions& options) {
  const OwnedFd folder(open(FolderOf(options.path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok()) return Unreachable("the holder's folder cannot be opened");
  if (!options.dev && !options.token) {
    LETHE_ASSIGN(const FileSystemFacts facts, ReadFileSystemFacts(folder.get()));
    LETHE_TRY(JudgeFileSystem(facts));
  }
  const OwnedFd fd(open(options.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  if (!fd.ok()) {
    return errno == EEXIST ? absl::AlreadyExistsError("the holder's file exists already")
                           : Unreachable("the holder's file cannot be made");
  }
  absl::Status made = FillAndSync(fd.get(), folder.get());
  if (made.ok() && !options.dev && !options.token) {
    made = FileSelfTest::Record(fd.get(), options.path, kHolderFileBytes).status();
  }
  // Nothing secret is in it yet.
  if (!made.ok()) unlink(options.path.c_str());
  return made;
}

absl::StatusOr<std::unique_ptr<Holder>> OpenFileHolder(const FileHolderOptions& options,
                                                       std::vector<KeyService*> services,
                                                       std::unique_ptr<Factor> factor) {
  LETHE_ASSIGN(OwnedFd fd, OpenLocked(options));
  LETHE_ASSIGN(PlacedFile placed, Place(std::move(fd), options));
  return NewSlotHolder(std::move(placed.file), options.name, std::move(placed.probe),
                       std::move(factor), std::move(services));
}

}  // namespace lethe::vault::holders
