#include "cli/import/resume_point.h"

#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/private_file.h"

namespace lethe::cli {
namespace {

using nlohmann::json;

absl::Status Unfit(const std::string& why, const std::string& path) {
  return absl::FailedPreconditionError(why + "; remove " + path + " to import it as a new file");
}

}  // namespace

ResumeFile::ResumeFile(const std::string& file, std::string digest, std::string tenant_name)
    : path_(file + ".lethe-progress"),
      digest_(std::move(digest)),
      tenant_name_(std::move(tenant_name)) {}

absl::StatusOr<std::optional<ResumePoint>> ResumeFile::Load() const {
  std::ifstream file(path_);
  if (!file) return std::nullopt;
  const json stored = json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!stored.is_object()) return Unfit("the progress file is damaged", path_);
  if (stored.value("sha256", "") != digest_) {
    return Unfit("the file changed since its import began", path_);
  }
  if (stored.value("parent", "") != tenant_name_) {
    return Unfit("its import began into another tenant", path_);
  }
  return ResumePoint{.last_line = stored.value("last_line", std::int64_t{0}),
                     .counts = {.imported = stored.value("imported", std::int64_t{0}),
                                .already_there = stored.value("already_there", std::int64_t{0}),
                                .failed = stored.value("failed", std::int64_t{0})}};
}

absl::Status ResumeFile::Save(const ResumePoint& point) const {
  const json stored = {{"sha256", digest_},
                       {"parent", tenant_name_},
                       {"last_line", point.last_line},
                       {"imported", point.counts.imported},
                       {"already_there", point.counts.already_there},
                       {"failed", point.counts.failed}};
  return WritePrivateFile(path_, stored.dump() + "\n");
}

void ResumeFile::Remove() const { ::unlink(path_.c_str()); }

}  // namespace lethe::cli
