#include "server/start/memory_watch.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace lethe::server {
namespace {

// A file that holds one number; nullopt: it is not there, or says "max".
std::optional<std::int64_t> NumberIn(const std::string& path) {
  std::ifstream in(path);
  std::int64_t number = 0;
  if (!(in >> number) || number <= 0) return std::nullopt;
  return number;
}

// Where /proc/self/cgroup places the process in one hierarchy: "0::/system.slice/lethed.service",
// "7:memory:/docker/…". nullopt: not in it.
std::optional<std::string> PlaceIn(const std::string& root, const std::string& controller) {
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string number;
    std::string controllers;
    std::string path;
    std::getline(fields, number, ':');
    std::getline(fields, controllers, ':');
    std::getline(fields, path);
    if (controllers == controller) return path;
  }
  return std::nullopt;
}

// Of `path` and everything above it. In a container the kernel shows the path of its own root, and
// what lies above cannot be seen.
std::optional<std::int64_t> LeastAbove(const std::string& mount, std::string path,
                                       const std::string& file) {
  std::optional<std::int64_t> least;
  while (true) {
    const auto limit = NumberIn(mount + path + "/" + file);
    if (limit.has_value()) least = std::min(least.value_or(*limit), *limit);
    if (path.empty()) return least;
    path = path.substr(0, path.rfind('/'));
  }
}

// Version 1 writes "no limit" as the largest number of pages.
constexpr std::int64_t kNoLimit = std::int64_t{1} << 60;

}  // namespace

std::int64_t ResidentBytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t all = 0;
  std::int64_t resident = 0;
  in >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

std::optional<std::int64_t> CgroupLimit(const std::string& root) {
  std::optional<std::int64_t> limit;
  if (const auto place = PlaceIn(root, ""); place.has_value()) {
    limit = LeastAbove(root + "/sys/fs/cgroup", *place, "memory.max");
  }
  if (const auto place = PlaceIn(root, "memory"); !limit.has_value() && place.has_value()) {
    limit = LeastAbove(root + "/sys/fs/cgroup/memory", *place, "memory.limit_in_bytes");
  }
  if (limit.has_value() && *limit >= kNoLimit) return std::nullopt;
  return limit;
}

bool MemoryWatch::ShouldGiveBack(std::int64_t resident) {
  ++since_given_back_;
  least_ = std::min(least_.value_or(resident), resident);
  least_ever_ = std::min(least_ever_.value_or(resident), resident);
  const bool grown = since_given_back_ >= kReadingsBetween && resident >= *least_ + kGrowth;
  const bool again = since_given_back_ >= kReadingsUntilAgain && resident >= *least_ever_ + kGrowth;
  if (!grown && !again) return false;
  since_given_back_ = 0;
  least_.reset();
  return true;
}

bool MemoryWatch::IsFull(std::int64_t resident) {
  if (!limit_.has_value()) return false;
  full_in_a_row_ = resident > *limit_ / 10 * 9 ? full_in_a_row_ + 1 : 0;
  return full_in_a_row_ >= kFullReadings;
}

}  // namespace lethe::server
