#include "server/kms/endpoint.h"

#include <sys/un.h>

#include <string_view>

#include "absl/strings/str_format.h"

namespace lethe::server::kms {
namespace {

constexpr std::string_view kScheme = "unix://";
// The kernel's limit for the name of a socket, with the zero at its end.
constexpr std::size_t kPathBytesMax = sizeof(sockaddr_un::sun_path) - 1;

bool IsAbstract(const std::string& path) { return path.starts_with("/@"); }

}  // namespace

absl::Status CheckEndpoint(const std::string& endpoint) {
  const bool right = endpoint.starts_with("unix:///") && endpoint.size() > kScheme.size() + 1 &&
                     !endpoint.ends_with('/') && endpoint.find('\0') == std::string::npos;
  if (!right) return absl::InvalidArgumentError("must be unix:///PATH or unix:///@NAME");
  if (endpoint.size() - kScheme.size() > kPathBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrFormat("names a socket of more than %d bytes", kPathBytesMax));
  }
  return absl::OkStatus();
}

std::string SocketPath(const std::string& endpoint) {
  std::string path = endpoint.substr(kScheme.size());
  return IsAbstract(path) ? std::string() : path;
}

std::string TargetOf(const std::string& endpoint) {
  const std::string path = endpoint.substr(kScheme.size());
  if (IsAbstract(path)) return absl::StrFormat("unix-abstract:%s", path.substr(2));
  return absl::StrFormat("unix:%s", path);
}

}  // namespace lethe::server::kms
