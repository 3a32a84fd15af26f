#include "server/telling/line_limit.h"

namespace lethe::server {
namespace {

constexpr char kFurther[] = "";  // The kinds that there is no room for.

}  // namespace

bool LineLimit::Admit(const std::string& kind, absl::Duration now) {
  const bool known = kinds_.contains(kind) || kinds_.size() < kKindsMax;
  const auto [it, is_new] = kinds_.try_emplace(known ? kind : kFurther, Count{.since = now});
  Count& count = it->second;
  if (known && count.written < first_) {
    ++count.written;
    return true;
  }
  ++count.left_out;
  return false;
}

std::vector<LineLimit::LeftOut> LineLimit::TakeDue(absl::Duration now) {
  std::vector<LeftOut> due;
  for (auto it = kinds_.begin(); it != kinds_.end();) {
    Count& count = it->second;
    if (now - count.since < kWindow) {
      ++it;
    } else if (count.left_out == 0) {
      it = kinds_.erase(it);
    } else {
      due.push_back({it->first, count.left_out});
      count.since = now;
      count.written = first_;
      count.left_out = 0;
      ++it;
    }
  }
  return due;
}

}  // namespace lethe::server
