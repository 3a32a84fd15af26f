#include "tests/vault/whole/crash_tally.h"

#include "absl/strings/str_format.h"

namespace lethe::test {

void CrashTally::Add(const CrashTally& other) {
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

std::string CrashTally::Line(std::uint64_t seed) const {
  return absl::StrFormat(
      "totals label=crash-points seed=%d cycles=%d acknowledged=%d open=%d erases=%d checked=%d "
      "lost=%d undone=%d recoverable=%d faults=%d",
      seed, cycles, acknowledged, open, erases, checked, lost, undone, recoverable, faults.size());
}

}  // namespace lethe::test
