// The calls an archive makes on its folder, so that a test can record, drop, tear and fail them.
#ifndef LETHE_VAULT_ARCHIVE_APPEND_FILE_H_
#define LETHE_VAULT_ARCHIVE_APPEND_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace lethe::vault::archive {

// A file that only grows.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual absl::Status Append(Bytes bytes) = 0;
  // What was appended survives a power cut; the file's name does only after its folder's Sync.
  virtual absl::Status Sync() = 0;
  // Whoever opens its name in the folder gets this file, with `size` bytes at least. May run beside
  // the writer. FAILED_PRECONDITION: not so, and how (a literal).
  virtual absl::Status CheckThere(std::uint64_t size) const = 0;
};

// One writer; const calls may run beside it. Errors of the system are INTERNAL.
class AppendFolder {
 public:
  virtual ~AppendFolder() = default;
  virtual absl::StatusOr<std::vector<std::string>> List() const = 0;
  // A new, empty file. ALREADY_EXISTS.
  virtual absl::StatusOr<std::unique_ptr<AppendFile>> Create(const std::string& name) = 0;
  // An existing file, cut to `size` bytes; appends follow there.
  virtual absl::StatusOr<std::unique_ptr<AppendFile>> OpenCutTo(const std::string& name,
                                                                std::uint64_t size) = 0;
  // The names made so far survive a power cut.
  virtual absl::Status Sync() = 0;

  virtual absl::StatusOr<std::uint64_t> SizeOf(const std::string& name) const = 0;
  // `size` bytes from `offset`; fewer only at the file's end.
  virtual absl::StatusOr<std::string> Read(const std::string& name, std::uint64_t offset,
                                           std::size_t size) const = 0;
  // The same from the device, where the system allows.
  virtual absl::StatusOr<std::string> ReadPastCache(const std::string& name, std::uint64_t offset,
                                                    std::size_t size) const = 0;
  // Whoever opens the folder's path gets this folder. FAILED_PRECONDITION: not so, and how (a
  // literal, without the path). UNAVAILABLE: the system does not say.
  virtual absl::Status CheckThere() const = 0;
  // Of the file system, for us.
  virtual absl::StatusOr<std::uint64_t> FreeBytes() const = 0;
};

// Makes a folder of the machine unless it is there, and syncs the one above it.
absl::Status MakeFolder(const std::string& path);
// A folder of the machine. NOT_FOUND.
absl::StatusOr<std::unique_ptr<AppendFolder>> OpenPosixFolder(const std::string& path);

}  // namespace lethe::vault::archive

#endif  // LETHE_VAULT_ARCHIVE_APPEND_FILE_H_
