#include "base/descriptors.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/reason.h"

namespace lethe {
namespace {

constexpr rlim_t kLimitMax = 1u << 20;

// Numbers are given from the lowest on, so those below the limit are the last to be used: poll says
// at once, and without opening anything, which of them are.
bool LastAreFree(int limit, int count) {
  std::vector<pollfd> last(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) last[static_cast<std::size_t>(i)] = {limit - 1 - i, 0, 0};
  if (poll(last.data(), last.size(), 0) < 0) return false;
  return std::ranges::all_of(last, [](const pollfd& slot) { return slot.revents == POLLNVAL; });
}

// Of the machine's own table only the attempt tells.
bool CanOpenOne() {
  const int fd = open("/", O_PATH | O_CLOEXEC);
  if (fd < 0) return !IsDescriptorShortage(errno);
  close(fd);
  return true;
}

}  // namespace

int DescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return static_cast<int>(std::min(limit.rlim_cur, kLimitMax));
}

int RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
      limit.rlim_cur < std::min(limit.rlim_max, kLimitMax)) {
    limit.rlim_cur = std::min(limit.rlim_max, kLimitMax);
    setrlimit(RLIMIT_NOFILE, &limit);  // Refused: the old one is in force, and is what is told.
  }
  return DescriptorLimit();
}

absl::StatusOr<int> CountDescriptors() {
  std::error_code error;
  int count = 0;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  if (error) return absl::InternalError("the open descriptors cannot be counted");
  return count - 1;  // Without that of the folder.
}

bool IsDescriptorShortage(int error) { return error == EMFILE || error == ENFILE; }

absl::Status DescriptorShortage() {
  return Refuse(Reason::kDescriptorReserve,
                "the server's reserve of file descriptors is reached (see ulimit -n)");
}

absl::Status CheckDescriptors(int count) {
  const int limit = DescriptorLimit();
  if (count > limit || !CanOpenOne()) return DescriptorShortage();
  if (LastAreFree(limit, count)) return absl::OkStatus();
  // One of the last may have been left over from an earlier rush: now all are counted.
  const absl::StatusOr<int> open = CountDescriptors();
  return open.ok() && *open + count <= limit ? absl::OkStatus() : DescriptorShortage();
}

}  // namespace lethe
