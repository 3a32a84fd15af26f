// Waiting for what another process writes: by inotify, with a deadline, and not a moment longer
// than that process lives.
#ifndef LETHE_TESTS_SYSTEM_FILE_WAIT_H_
#define LETHE_TESTS_SYSTEM_FILE_WAIT_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace lethe::test {

inline constexpr int kNoProcess = -1;  // poll() passes over it.

// The content of `path` as soon as `enough` likes it. DEADLINE_EXCEEDED; ABORTED: the process
// behind `pidfd` (or kNoProcess) ended first. Creating, writing and renaming into place are all
// seen.
absl::StatusOr<std::string> WaitForFile(const std::string& path, int pidfd, absl::Duration limit,
                                        const std::function<bool(const std::string&)>& enough);

// Empty if it cannot be read.
std::string ReadFile(const std::string& path);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_FILE_WAIT_H_
