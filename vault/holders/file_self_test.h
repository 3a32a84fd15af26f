// Whether overwriting bytes of a file in place really removes the old ones. Only what is known to
// do so is allowed: ext4 that does not journal data, and XFS, each with extents that belong to the
// file alone and stay where they are.
#ifndef LETHE_VAULT_HOLDERS_FILE_SELF_TEST_H_
#define LETHE_VAULT_HOLDERS_FILE_SELF_TEST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe::vault::holders {

// What the system tells of the file system an open file or folder lies on.
struct FileSystemFacts {
  std::int64_t magic = 0;     // statfs(2)
  std::string type;           // "ext4"
  std::string super_options;  // "rw,data=journal"
  std::string device;         // The kernel's name of the block device; empty where it has none.
  bool inode_journals_data = false;  // chattr +j
};

absl::StatusOr<FileSystemFacts> ReadFileSystemFacts(int fd);
// OK, or FAILED_PRECONDITION with the property that is missing.
absl::Status JudgeFileSystem(const FileSystemFacts& facts);

struct MountLine {
  std::string type;
  std::string super_options;
};
// Of the file system with device number `device` ("254:0"), from the text of /proc/self/mountinfo
// (proc(5)).
std::optional<MountLine> FindMount(std::string_view mountinfo, std::string_view device);

struct Extent {
  std::uint64_t logical = 0;
  std::uint64_t physical = 0;
  std::uint64_t length = 0;
  friend bool operator==(const Extent&, const Extent&) = default;
};

// Where the first `bytes` of a file lie. FAILED_PRECONDITION: not wholly on blocks that are the
// file's own, written, and as they are read.
absl::StatusOr<std::vector<Extent>> ReadOwnExtents(int fd, std::uint64_t bytes);

// A FileSelfTest watches one open file from the moment it was recorded.
class FileSelfTest {
 public:
  // FAILED_PRECONDITION: the file cannot forget, and why. `fd` outlives this.
  static absl::StatusOr<FileSelfTest> Record(int fd, std::string path, std::uint64_t bytes);
  // The same, now; also FAILED_PRECONDITION where blocks moved or another file took the path.
  absl::Status Check() const;

 private:
  FileSelfTest(int fd, std::string path, std::uint64_t bytes, std::vector<Extent> extents);

  int fd_;
  std::string path_;
  std::uint64_t bytes_;
  std::vector<Extent> extents_;
};

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_FILE_SELF_TEST_H_
