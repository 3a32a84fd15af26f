#include "tests/system/answer.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace lethe::test {

Outcome CallError::outcome() const {
  if (code == absl::StatusCode::kOk) return Outcome::kDone;
  // Said by a server that could not finish: the change may be there after a restart.
  constexpr std::array<std::string_view, 5> kOpen = {"SEALED", "INTERNAL", "DEADLINE_PASSED",
                                                     "CANCELLED", "HOLDER_UNREACHABLE"};
  const bool open = reason.empty() || std::ranges::find(kOpen, reason) != kOpen.end();
  return open ? Outcome::kUnknown : Outcome::kRefused;
}

bool CallError::IsPassing() const {
  constexpr std::array<std::string_view, 4> kPassing = {"QUEUE_FULL", "INDEX_LOADING",
                                                        "SHUTTING_DOWN", "CONCURRENT_CHANGE"};
  return std::ranges::find(kPassing, reason) != kPassing.end();
}

bool CallError::SaysWriteFailed() const {
  constexpr std::array<std::string_view, 3> kFailed = {"INTERNAL", "SEALED", "HOLDER_UNREACHABLE"};
  return std::ranges::find(kFailed, reason) != kFailed.end();
}

std::string CallError::ToText() const {
  const std::string why = reason.empty() ? std::string("no reason") : reason;
  return absl::StatusCodeToString(code) + " / " + why + ": " + message;
}

}  // namespace lethe::test
