#include "tests/system/file_wait.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/time/clock.h"

namespace lethe::test {
namespace {

constexpr std::uint32_t kChanges = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO;

// A FolderWatch wakes up when something in a folder changes.
class FolderWatch {
 public:
  explicit FolderWatch(const std::string& folder) : fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    if (fd_ >= 0) watching_ = inotify_add_watch(fd_, folder.c_str(), kChanges) >= 0;
  }
  ~FolderWatch() {
    if (fd_ >= 0) close(fd_);
  }
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  bool watching() const { return watching_; }
  // ABORTED: the process ended. DEADLINE_EXCEEDED. What changed is not told apart.
  absl::Status Next(int pidfd, absl::Time deadline) const {
    std::array<pollfd, 2> waits = {pollfd{.fd = fd_, .events = POLLIN, .revents = 0},
                                   pollfd{.fd = pidfd, .events = POLLIN, .revents = 0}};
    const auto left = std::max<std::int64_t>(0, absl::ToInt64Milliseconds(deadline - absl::Now()));
    if (poll(waits.data(), waits.size(), static_cast<int>(left)) <= 0) {
      return absl::DeadlineExceededError("the file was not written in time");
    }
    if ((waits[0].revents & POLLIN) != 0) {
      std::array<char, 4096> events{};
      while (read(fd_, events.data(), events.size()) > 0) {
      }
      return absl::OkStatus();
    }
    return absl::AbortedError("the process ended before it wrote the file");
  }

 private:
  int fd_;
  bool watching_ = false;
};

}  // namespace

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  return text.str();
}

absl::StatusOr<std::string> WaitForFile(const std::string& path, int pidfd, absl::Duration limit,
                                        const std::function<bool(const std::string&)>& enough) {
  const FolderWatch watch(std::filesystem::path(path).parent_path().string());
  if (!watch.watching()) return absl::InternalError("no inotify for the folder");
  const absl::Time deadline = absl::Now() + limit;
  while (true) {
    // Read after the watch stands, so that no change falls between the two.
    const std::string text = ReadFile(path);
    if (enough(text)) return text;
    const absl::Status woken = watch.Next(pidfd, deadline);
    if (woken.ok()) continue;
    const std::string last = ReadFile(path);  // It may have ended right after writing.
    if (enough(last)) return last;
    return woken;
  }
}

}  // namespace lethe::test
