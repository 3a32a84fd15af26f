#include "vault/open/watched_descriptor.h"

#include <utility>

namespace lethe::vault {

WatchedDescriptor::WatchedDescriptor(std::string data_dir, const Descriptor& opened)
    : data_dir_(std::move(data_dir)),
      path_(data_dir_ + "/" + kDescriptorFile),
      text_(EncodeDescriptor(opened)) {
  // Looked at first: a change behind that is seen.
  const FileStamp stamp = FileStamp::Of(path_);
  if (SaysTheSame()) stamp_ = stamp;
}

bool WatchedDescriptor::SaysTheSame() const {
  const auto found = ReadDescriptor(data_dir_);
  return found.ok() && EncodeDescriptor(*found) == text_;
}

absl::Status WatchedDescriptor::Check() const {
  const FileStamp stamp = FileStamp::Of(path_);
  // By what it says: whoever puts a copy of it back has done all that is needed.
  if (stamp.there() && (stamp == stamp_ || SaysTheSame())) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "vault.json is gone, or not what this server started with: put it back; if it is lost, end "
      "the server and run lethe vault describe");
}

}  // namespace lethe::vault
