// A FreeSpace keeps a full disk from being met inside RocksDB, which may abort() there: it refuses
// a write early, while the file system still has its reserve. Not thread-safe.
#ifndef LETHE_STORAGE_FREE_SPACE_H_
#define LETHE_STORAGE_FREE_SPACE_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe::storage {

class FreeSpace {
 public:
  // Gives the file system's free bytes; one system call.
  using Probe = std::function<absl::StatusOr<std::uint64_t>()>;

  // `reserve_bytes` 0: everything is admitted and nothing is asked.
  FreeSpace(std::uint64_t reserve_bytes, Probe probe);

  // RESOURCE_EXHAUSTED (kDiskReserve): after `bytes` more, less than the reserve would be free.
  absl::Status Admit(std::uint64_t bytes);

  // An answer is trusted for this many bytes and admissions. It bounds what a write costs and what
  // a stale answer can do: other writers of the disk have to fill the reserve, 64 MB by default,
  // within so little of ours.
  static constexpr std::uint64_t kTrustedBytes = 1u << 20;
  static constexpr int kTrustedAdmissions = 256;

 private:
  const std::uint64_t reserve_bytes_;
  const Probe probe_;
  std::uint64_t admissible_bytes_ = 0;  // Of the last answer, not yet used up.
  int admissions_left_ = 0;
};

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_FREE_SPACE_H_
