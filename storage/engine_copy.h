// An EngineCopy is everything that an engine held at one moment, as contents with names: the form
// in which rows leave an engine, for a backup, and come back into one (RestoreEngine). What a
// content is only the engine knows that made it: the files of an embedded one, runs of rows of
// another.
#ifndef LETHE_STORAGE_ENGINE_COPY_H_
#define LETHE_STORAGE_ENGINE_COPY_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe::storage {

// Not used beyond the engine it was taken from. Thread-safe.
class EngineCopy {
 public:
  // One content, read once from its first byte to its last. Not used beyond its copy, nor by two
  // threads at once.
  class Content {
   public:
    virtual ~Content() = default;
    // The next bytes, at most `bytes_max`; none at the end.
    virtual absl::StatusOr<std::string> Read(std::size_t bytes_max) = 0;
  };

  // Gives back what the copy has kept: room on a disk, a transaction.
  virtual ~EngineCopy() = default;
  // Ascending; of letters, digits, '.', '-' and '_', and none begins with '.'. A content that has
  // not changed since an earlier copy should be the same again, so that a backup sends it once.
  virtual std::vector<std::string> Names() const = 0;
  // Reads it from the start, the same bytes every time.
  virtual absl::StatusOr<std::unique_ptr<Content>> Open(const std::string& name) const = 0;
};

// Reads a whole content, piece by piece; an error of `take` ends it.
absl::Status ReadContent(const EngineCopy& copy, const std::string& name,
                         const std::function<absl::Status(std::string_view piece)>& take);

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ENGINE_COPY_H_
