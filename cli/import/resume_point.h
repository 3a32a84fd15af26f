// How far an import got, beside its file: FILE.lethe-progress, mode 0600, JSON. It holds numbers
// and the digest of the file, nothing of what is in it.
#ifndef LETHE_CLI_IMPORT_RESUME_POINT_H_
#define LETHE_CLI_IMPORT_RESUME_POINT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe::cli {

struct ImportCounts {
  std::int64_t imported = 0;
  std::int64_t already_there = 0;
  std::int64_t failed = 0;
};

struct ResumePoint {
  std::int64_t last_line = 0;  // Everything up to it is durable or was named as failed.
  ImportCounts counts;
};

// Where one file's import into one tenant stands.
class ResumeFile {
 public:
  // `digest`: SHA-256 of the file in hexadecimal.
  ResumeFile(const std::string& file, std::string digest, std::string tenant_name);

  // nullopt: nothing to resume. FAILED_PRECONDITION: the point is that of another content of this
  // file, or of another tenant.
  absl::StatusOr<std::optional<ResumePoint>> Load() const;
  absl::Status Save(const ResumePoint& point) const;
  // The import is complete.
  void Remove() const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::string digest_;
  std::string tenant_name_;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_IMPORT_RESUME_POINT_H_
