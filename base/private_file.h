// Files that only their owner may read: the vault's description, contexts, keys, reports, backups.
#ifndef LETHE_BASE_PRIVATE_FILE_H_
#define LETHE_BASE_PRIVATE_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe {

// A PrivateFile grows under a name of its own and takes its place when it is complete: a reader
// sees the old file or the whole new one. Dropped before Finish, it leaves nothing.
class PrivateFile {
 public:
  // Makes `path` + ".partial" with mode 0600, over one that a dead process left.
  static absl::StatusOr<PrivateFile> Create(const std::string& path);
  PrivateFile(PrivateFile&& other) noexcept;
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile();

  absl::Status Append(std::string_view bytes);
  // Syncs, renames, and syncs the folder: after it the file is there for good.
  absl::Status Finish();

 private:
  PrivateFile(std::string path, int fd);
  std::string path_;
  int fd_;
};

absl::Status WritePrivateFile(const std::string& path, std::string_view bytes);
// Makes `path` and what is missing above it, with mode 0700.
absl::Status MakePrivateFolder(const std::string& path);
// The names in it stay after a power cut.
absl::Status SyncFolder(const std::string& path);

}  // namespace lethe

#endif  // LETHE_BASE_PRIVATE_FILE_H_
