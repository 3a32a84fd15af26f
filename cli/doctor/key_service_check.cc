#include "cli/doctor/key_service_check.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace lethe::cli {
namespace {

constexpr std::string_view kScheme = "unix://";

// 0, or the errno of the attempt.
int Connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return ENAMETOOLONG;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return errno;
  const bool done = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  const int error = done ? 0 : errno;
  ::close(fd);
  return error;
}

// Whether the owner of `data_dir` may write to the socket, which is what connecting takes.
bool OpenToOwnerOf(const std::string& data_dir, const struct stat& socket) {
  struct stat folder {};
  if (::stat(data_dir.c_str(), &folder) != 0) return true;  // Another finding says so.
  if (folder.st_uid == 0 || folder.st_uid == socket.st_uid) return true;
  return (socket.st_mode & S_IWOTH) != 0 ||
         (folder.st_gid == socket.st_gid && (socket.st_mode & S_IWGRP) != 0);
}

}  // namespace

Finding CheckKeyService(const ConfiguredProvider& provider, const std::string& data_dir) {
  Finding finding{.check = "key service " + provider.name, .health = Health::kBroken};
  if (!provider.endpoint.starts_with(kScheme)) {
    finding.found = "no unix socket: " + provider.endpoint;
    finding.remedy = "endpoint: unix:///PATH";
    return finding;
  }
  const std::string path = provider.endpoint.substr(kScheme.size());
  if (path.starts_with("/@")) {
    return {.check = finding.check, .found = "an abstract socket: has no owner to look at"};
  }
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) {
    finding.found = "there is no socket: " + path;
    finding.remedy = "start its plugin, and give lethed the folder of the socket";
    return finding;
  }
  if (!OpenToOwnerOf(data_dir, info)) {
    finding.found = "lethed may not open the socket: " + path;
    finding.remedy = "run the plugin as the user lethed runs as";
    return finding;
  }
  if (const int error = Connect(path); error != 0 && error != EACCES && error != EAGAIN) {
    finding.found = "nobody listens: " + path;
    finding.remedy =
        "start its plugin: without it lethed does not start, though it goes on running";
    return finding;
  }
  return {.check = finding.check, .found = "listens: " + path};
}

}  // namespace lethe::cli
