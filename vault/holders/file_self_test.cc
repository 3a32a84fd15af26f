#include "vault/holders/file_self_test.h"

#include <array>
#include <fstream>
#include <iterator>
#include <span>
#include <utility>

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"

namespace lethe::vault::holders {
namespace {

// Not in linux/magic.h.
constexpr std::int64_t kZfsMagic = 0x2fc12fc1;
constexpr std::int64_t kCifsMagic = 0xff534d42;
constexpr std::int64_t kSmb2Magic = 0xfe534d42;

struct Refused {
  std::int64_t magic;
  const char* why;
};
// Only for better messages: whatever is not allowed by name is refused anyway.
constexpr Refused kRefused[] = {
    {BTRFS_SUPER_MAGIC, "btrfs writes elsewhere instead of overwriting"},
    {kZfsMagic, "ZFS writes elsewhere instead of overwriting"},
    {OVERLAYFS_SUPER_MAGIC, "an overlay hides which file system is overwritten"},
    {TMPFS_MAGIC, "tmpfs keeps nothing and may be swapped out"},
    {NFS_SUPER_MAGIC, "what an NFS server overwrites cannot be seen from here"},
    {SMB_SUPER_MAGIC, "what an SMB server overwrites cannot be seen from here"},
    {kCifsMagic, "what an SMB server overwrites cannot be seen from here"},
    {kSmb2Magic, "what an SMB server overwrites cannot be seen from here"},
    {FUSE_SUPER_MAGIC, "what a FUSE file system overwrites cannot be seen from here"},
};

// Block devices that are somebody else's storage, or keep what was overwritten in a journal, a
// cache or compressed elsewhere.
constexpr std::string_view kRefusedDevices[] = {"nbd", "rbd", "drbd", "zd", "bcache", "zram"};

absl::Status CannotForget(const char* why) { return absl::FailedPreconditionError(why); }

bool HasOption(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    const std::size_t comma = options.find(',');
    if (options.substr(0, comma) == wanted) return true;
    options = comma == std::string_view::npos ? std::string_view() : options.substr(comma + 1);
  }
  return false;
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    line = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  }
  return words;
}

std::string DeviceName(const std::string& number) {
  std::array<char, 512> target;
  const ssize_t length =
      readlink(("/sys/dev/block/" + number).c_str(), target.data(), target.size());
  if (length <= 0) return "";
  const std::string path(target.data(), static_cast<std::size_t>(length));
  return path.substr(path.rfind('/') + 1);
}

// Extents asked for at a time; a file of this size has one or two.
constexpr std::uint32_t kExtentsAtOnce = 32;

// One request of the kernel's map, with room behind it for what is found.
class ExtentMap {
 public:
  ExtentMap(std::uint64_t from, std::uint64_t to) {
    map().fm_start = from;
    map().fm_length = to - from;
    map().fm_flags = FIEMAP_FLAG_SYNC;
    map().fm_extent_count = kExtentsAtOnce;
  }
  fiemap& map() { return *reinterpret_cast<fiemap*>(bytes_.data()); }
  std::span<const fiemap_extent> extents() { return {map().fm_extents, map().fm_mapped_extents}; }

 private:
  alignas(fiemap)
      std::array<std::uint8_t, sizeof(fiemap) + kExtentsAtOnce * sizeof(fiemap_extent)> bytes_{};
};

absl::Status JudgeExtent(std::uint32_t flags) {
  if (flags & FIEMAP_EXTENT_DATA_INLINE) return CannotForget("the file's data lies in its inode");
  if (flags & FIEMAP_EXTENT_SHARED) return CannotForget("the file shares blocks with a copy");
  if (flags & FIEMAP_EXTENT_UNWRITTEN) return CannotForget("the file's blocks were never written");
  constexpr std::uint32_t kUnclear = FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC |
                                     FIEMAP_EXTENT_ENCODED | FIEMAP_EXTENT_DATA_ENCRYPTED |
                                     FIEMAP_EXTENT_NOT_ALIGNED | FIEMAP_EXTENT_DATA_TAIL;
  if (flags & kUnclear) return CannotForget("the file's blocks are encoded or not in place");
  return absl::OkStatus();
}

}  // namespace

std::optional<MountLine> FindMount(std::string_view mountinfo, std::string_view device) {
  std::optional<MountLine> found;
  while (!mountinfo.empty()) {
    const std::size_t end = mountinfo.find('\n');
    const std::string_view line = mountinfo.substr(0, end);
    mountinfo = end == std::string_view::npos ? std::string_view() : mountinfo.substr(end + 1);
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    const std::vector<std::string_view> before = Words(line.substr(0, dash));
    const std::vector<std::string_view> behind = Words(line.substr(dash + 3));
    // Every mount of one file system tells the same options.
    if (before.size() > 2 && before[2] == device && behind.size() == 3) {
      found = MountLine{std::string(behind[0]), std::string(behind[2])};
    }
  }
  return found;
}

absl::StatusOr<FileSystemFacts> ReadFileSystemFacts(int fd) {
  struct statfs system;
  struct stat file;
  if (fstatfs(fd, &system) != 0 || fstat(fd, &file) != 0) {
    return absl::UnavailableError("the file system does not answer");
  }
  FileSystemFacts facts{.magic = static_cast<std::int64_t>(system.f_type)};
  const std::string number = absl::StrFormat("%d:%d", major(file.st_dev), minor(file.st_dev));
  std::ifstream stream("/proc/self/mountinfo");
  const std::string mountinfo{std::istreambuf_iterator<char>(stream), {}};
  if (const std::optional<MountLine> mount = FindMount(mountinfo, number)) {
    facts.type = mount->type;
    facts.super_options = mount->super_options;
  }
  facts.device = DeviceName(number);
  int flags = 0;
  facts.inode_journals_data =
      ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && (flags & FS_JOURNAL_DATA_FL) != 0;
  return facts;
}

absl::Status JudgeFileSystem(const FileSystemFacts& facts) {
  for (const Refused& refused : kRefused) {
    if (facts.magic == refused.magic) return CannotForget(refused.why);
  }
  const bool is_ext4 = facts.magic == EXT4_SUPER_MAGIC && facts.type == "ext4";
  const bool is_xfs = facts.magic == XFS_SUPER_MAGIC && facts.type == "xfs";
  if (!is_ext4 && !is_xfs) return CannotForget("only ext4 and XFS are known to overwrite in place");
  if (HasOption(facts.super_options, "data=journal") || facts.inode_journals_data) {
    return CannotForget("ext4 keeps old data in its journal (data=journal)");
  }
  for (const std::string_view device : kRefusedDevices) {
    if (std::string_view(facts.device).starts_with(device)) {
      return CannotForget("the block device below the file system may keep what is overwritten");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Extent>> ReadOwnExtents(int fd, std::uint64_t bytes) {
  std::vector<Extent> extents;
  std::uint64_t reached = 0;
  while (reached < bytes) {
    ExtentMap request(reached, bytes);
    if (ioctl(fd, FS_IOC_FIEMAP, &request.map()) != 0) {
      return CannotForget("the file system does not tell where a file lies");
    }
    if (request.extents().empty()) return CannotForget("the file has holes");
    for (const fiemap_extent& found : request.extents()) {
      LETHE_TRY(JudgeExtent(found.fe_flags));
      if (found.fe_logical > reached) return CannotForget("the file has holes");
      extents.push_back({found.fe_logical, found.fe_physical, found.fe_length});
      reached = found.fe_logical + found.fe_length;
    }
  }
  return extents;
}

FileSelfTest::FileSelfTest(int fd, std::string path, std::uint64_t bytes,
                           std::vector<Extent> extents)
    : fd_(fd), path_(std::move(path)), bytes_(bytes), extents_(std::move(extents)) {}

absl::StatusOr<FileSelfTest> FileSelfTest::Record(int fd, std::string path, std::uint64_t bytes) {
  LETHE_ASSIGN(std::vector<Extent> extents, ReadOwnExtents(fd, bytes));
  FileSelfTest test(fd, std::move(path), bytes, std::move(extents));
  LETHE_TRY(test.Check());
  return test;
}

absl::Status FileSelfTest::Check() const {
  LETHE_ASSIGN(const FileSystemFacts facts, ReadFileSystemFacts(fd_));
  LETHE_TRY(JudgeFileSystem(facts));
  LETHE_ASSIGN(const std::vector<Extent> extents, ReadOwnExtents(fd_, bytes_));
  if (extents != extents_) return CannotForget("the file's blocks moved: the old ones may be kept");
  struct stat open_file;
  struct stat named;
  const bool same = fstat(fd_, &open_file) == 0 && stat(path_.c_str(), &named) == 0 &&
                    open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
  return same ? absl::OkStatus() : CannotForget("another file stands where the holder's was");
}

}  // namespace lethe::vault::holders
