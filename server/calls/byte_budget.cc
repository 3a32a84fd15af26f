#include "server/calls/byte_budget.h"

#include "base/reason.h"

namespace lethe::server {

absl::Status ByteBudget::Share::Grow(std::int64_t bytes) {
  if (!budget_.Take(principal_, bytes)) {
    return Refuse(
        Reason::kQuota,
        "more is in flight than the server will hold; send less at once, and read answers");
  }
  bytes_ += bytes;
  return absl::OkStatus();
}

void ByteBudget::Share::Set(std::int64_t bytes) {
  if (bytes != bytes_) budget_.Change(principal_, bytes - bytes_);
  bytes_ = bytes;
}

// Whoever has nothing in flight may have something, or what is larger than a part would never be
// served.
bool ByteBudget::Take(const std::string& principal, std::int64_t bytes) {
  absl::MutexLock hold(&mutex_);
  std::int64_t& used_by = used_by_[principal];
  const bool is_first = used_by == 0;
  const bool too_much_of_one = !is_first && used_by + bytes > max_of_one_;
  const bool too_much_in_all = used_ > 0 && used_ + bytes > max_ && !(is_first && bytes <= kSmall);
  if (too_much_of_one || too_much_in_all) {
    if (used_by == 0) used_by_.erase(principal);
    return false;
  }
  used_by += bytes;
  used_ += bytes;
  if (used_by == 0) used_by_.erase(principal);
  return true;
}

void ByteBudget::Change(const std::string& principal, std::int64_t bytes) {
  absl::MutexLock hold(&mutex_);
  std::int64_t& used_by = used_by_[principal];
  used_by += bytes;
  used_ += bytes;
  if (used_by == 0) used_by_.erase(principal);
}

std::int64_t ByteBudget::used() const {
  absl::MutexLock hold(&mutex_);
  return used_;
}

}  // namespace lethe::server
