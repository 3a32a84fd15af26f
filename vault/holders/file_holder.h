// The file factor: two slots of one file, at least 1 MiB apart, written once at init and
// overwritten in place ever after, on a file system that really overwrites (ext4, XFS with private
// extents).
#ifndef LETHE_VAULT_HOLDERS_FILE_HOLDER_H_
#define LETHE_VAULT_HOLDERS_FILE_HOLDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vault/holders/factor.h"
#include "vault/holders/holder.h"
#include "vault/holders/key_service.h"

namespace lethe::vault::holders {

// Answers Holder::CheckAssurance for the file; a factor may know better.
using AssuranceProbe = std::function<Assurance(std::string* why)>;

struct PlacedFile;

// What the file system says of the last change to a file, by whomever.
struct LastChange {
  std::int64_t time = 0;  // In ns, of the file system's own clock.
  bool settled = false;   // That clock has moved on since: the next change shows.
};

// The calls a holder makes on its file, so that a test can record, tear and fail them.
class SlotFile {
 public:
  virtual ~SlotFile() = default;
  virtual absl::Status Write(std::uint64_t offset, Bytes bytes) = 0;
  virtual absl::Status Sync() = 0;
  // Reads from the device where the system allows (O_DIRECT), not from the page cache.
  virtual absl::Status ReadPastCache(std::uint64_t offset, MutableBytes out) = 0;

  // The next start opens this file. FAILED_PRECONDITION, UNAVAILABLE: not so, and how (a literal).
  // From any thread.
  virtual absl::Status CheckPath() const { return absl::OkStatus(); }
  // Absent: it is not told.
  virtual std::optional<LastChange> FindLastChange() const { return std::nullopt; }
  // Opens and locks what the next start would open; makes a new file where nothing stands.
  // FAILED_PRECONDITION (kHolderNeeded): it cannot be a holder's file; nothing was changed.
  virtual absl::StatusOr<PlacedFile> OpenAtPath() const;
};

struct PlacedFile {
  std::shared_ptr<SlotFile> file;
  AssuranceProbe probe;
  bool same = false;  // The very file, reached in another way.
};

struct FileHolderOptions {
  std::string path;
  std::string name = "file-1";
  bool dev = false;  // Assurance stays "unverified"; any file system will do.
  // The slots are sealed by a token, which is what forgets: any file system will do.
  bool token = false;
};

// Makes the file at its full size with both slots empty. ALREADY_EXISTS. FAILED_PRECONDITION: the
// file system cannot forget, and not `dev`; the message names the missing property.
absl::Status CreateHolderFile(const FileHolderOptions& options);
// NOT_FOUND, UNAVAILABLE.
// `services` seal and open the outer part; `factor` keeps the inner one.
absl::StatusOr<std::unique_ptr<Holder>> OpenFileHolder(
    const FileHolderOptions& options, std::vector<KeyService*> services = {},
    std::unique_ptr<Factor> factor = NewFileFactor());
// Over any SlotFile, for tests.
std::unique_ptr<Holder> NewHolderOn(std::shared_ptr<SlotFile> file, std::string name,
                                    Assurance assurance);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_FILE_HOLDER_H_
