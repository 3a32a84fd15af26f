#include "vault/open/watched_descriptor.h"

#include <utility>

#include <sys/stat.h>

namespace lethe::vault {

WatchedDescriptor::WatchedDescriptor(std::string data_dir, const Descriptor& opened)
    : data_dir_(std::move(data_dir)),
      path_(data_dir_ + "/" + kDescriptorFile),
      text_(EncodeDescriptor(opened)) {
  // Looked at first: a change behind that is seen.
  const std::optional<Looks> looks = LooksOf(path_);
  if (SaysTheSame()) looks_ = looks;
}

std::optional<WatchedDescriptor::Looks> WatchedDescriptor::LooksOf(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return std::nullopt;
  return Looks{static_cast<std::int64_t>(found.st_dev), static_cast<std::int64_t>(found.st_ino),
               found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

bool WatchedDescriptor::SaysTheSame() const {
  const auto found = ReadDescriptor(data_dir_);
  return found.ok() && EncodeDescriptor(*found) == text_;
}

absl::Status WatchedDescriptor::Check() const {
  const std::optional<Looks> looks = LooksOf(path_);
  // By what it says: whoever puts a copy of it back has done all that is needed.
  if (looks.has_value() && (looks == looks_ || SaysTheSame())) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "vault.json is gone, or not what this server started with: put it back; if it is lost, end "
      "the server and run lethe vault describe");
}

}  // namespace lethe::vault
