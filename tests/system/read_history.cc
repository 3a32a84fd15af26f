#include "tests/system/read_history.h"

#include <algorithm>

namespace lethe::test {
namespace {

bool BeganAfter(const PastRead& read, const ReadHistory& history) {
  return history.erase_acknowledged.has_value() && read.begun > *history.erase_acknowledged;
}

}  // namespace

std::vector<Fault> Judge(const ReadHistory& history) {
  std::vector<Fault> faults;
  for (const PastRead& read : history.reads) {
    const bool before = !history.erase_asked.has_value() || read.ended < *history.erase_asked;
    if (read.result == PastRead::Result::kWrong) {
      faults.push_back({Fault::Kind::kLost, read.what});
    } else if (BeganAfter(read, history) && read.result == PastRead::Result::kAnswered) {
      faults.push_back({Fault::Kind::kUndone, read.what + " answered after the acknowledgement"});
    } else if (before && read.result == PastRead::Result::kGone) {
      faults.push_back({Fault::Kind::kLost, read.what + " refused before the erasure"});
    }
  }
  return faults;
}

std::int64_t CountBegunAfter(const ReadHistory& history) {
  return std::ranges::count_if(history.reads,
                               [&](const PastRead& read) { return BeganAfter(read, history); });
}

}  // namespace lethe::test
