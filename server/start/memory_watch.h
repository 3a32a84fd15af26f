// Whether the process takes more memory than it may: seen before the kernel does, whose way out is
// a kill in the midst of whatever is going on.
#ifndef LETHE_SERVER_START_MEMORY_WATCH_H_
#define LETHE_SERVER_START_MEMORY_WATCH_H_

#include <cstdint>
#include <optional>
#include <string>

namespace lethe::server {

// What the process has in memory now, by /proc.
std::int64_t ResidentBytes();

// The least limit of this process's cgroup and those above it (version 2, or the memory controller
// of version 1). nullopt: there is none. `root` has what stands in the root of the file system.
std::optional<std::int64_t> CgroupLimit(const std::string& root = "");

// Judges readings that come once a second. Not thread-safe.
class MemoryWatch {
 public:
  // More than nine tenths of the limit, so often in a row, is full: a peak comes and goes.
  static constexpr int kFullReadings = 3;
  // Freed memory is worth giving back to the system when there is so much more than after the last
  // time, and no more often than every few seconds: it takes every allocation's lock. What was in
  // use then may be free later, which no reading shows: so it is tried again, seldom, while there
  // is so much more than there ever need be.
  static constexpr std::int64_t kGrowth = 16 << 20;
  static constexpr int kReadingsBetween = 5;
  static constexpr int kReadingsUntilAgain = 15;

  // nullopt: nothing is ever full.
  explicit MemoryWatch(std::optional<std::int64_t> limit) : limit_(limit) {}

  // Whether free memory should be given back now; the next reading shows what it brought.
  bool ShouldGiveBack(std::int64_t resident);
  // To be told every reading. True: the process should end in an orderly way and be started again.
  bool IsFull(std::int64_t resident);

  std::optional<std::int64_t> limit() const { return limit_; }

 private:
  const std::optional<std::int64_t> limit_;
  std::optional<std::int64_t> least_;  // Seen since the last time that memory was given back.
  std::optional<std::int64_t> least_ever_;
  int since_given_back_ = 0;
  int full_in_a_row_ = 0;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_MEMORY_WATCH_H_
