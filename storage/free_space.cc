#include "storage/free_space.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::storage {

FreeSpace::FreeSpace(std::uint64_t reserve_bytes, Probe probe)
    : reserve_bytes_(reserve_bytes), probe_(std::move(probe)) {}

absl::Status FreeSpace::Admit(std::uint64_t bytes) {
  if (reserve_bytes_ == 0) return absl::OkStatus();
  if (admissions_left_ == 0 || bytes > admissible_bytes_) {
    admissions_left_ = 0;  // A refusal is never remembered: the next call asks again.
    LETHE_ASSIGN(const std::uint64_t free_bytes, probe_());
    if (free_bytes < reserve_bytes_ || free_bytes - reserve_bytes_ < bytes) {
      return Refuse(Reason::kDiskReserve, "the file system's free-space reserve is reached");
    }
    admissible_bytes_ = std::min(free_bytes - reserve_bytes_, std::max(bytes, kTrustedBytes));
    admissions_left_ = kTrustedAdmissions;
  }
  admissible_bytes_ -= bytes;
  --admissions_left_;
  return absl::OkStatus();
}

}  // namespace lethe::storage
