#include "tests/support/totals.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace lethe::test {
namespace {

constexpr std::size_t kFaultsShown = 20;

}  // namespace

void Totals::Add(const Totals& other) {
  cycles += other.cycles;
  acknowledged += other.acknowledged;
  open += other.open;
  erases += other.erases;
  checked += other.checked;
  lost += other.lost;
  undone += other.undone;
  recoverable += other.recoverable;
  faults.insert(faults.end(), other.faults.begin(), other.faults.end());
}

std::string Totals::Line(const std::string& label, std::uint64_t seed) const {
  return absl::StrFormat(
      "totals label=%s seed=%d cycles=%d acknowledged=%d open=%d erases=%d checked=%d lost=%d "
      "undone=%d recoverable=%d faults=%d",
      label, seed, cycles, acknowledged, open, erases, checked, lost, undone, recoverable,
      faults.size());
}

std::string Totals::Complaint(const std::string& label, std::uint64_t seed) const {
  std::string text = absl::StrFormat(
      "%d faults with seed %d; scripts/soak.sh %s --minutes 5 "
      "--seed %d replays the same operations and kills:\n",
      faults.size(), seed, label, seed);
  for (std::size_t i = 0; i < std::min(faults.size(), kFaultsShown); ++i) {
    text += "  " + faults[i] + "\n";
  }
  return text;
}

}  // namespace lethe::test
