#include "tests/support/fault_plan.h"

#include <utility>

namespace lethe::test {

void FaultPlan::FailNth(Kind kind, int nth, Mode mode, std::string suffix) {
  absl::MutexLock lock(&mutex_);
  faults_.push_back({kind, nth, mode, std::move(suffix)});
}

void FaultPlan::Clear() {
  absl::MutexLock lock(&mutex_);
  faults_.clear();
}

bool FaultPlan::Fails(Kind kind, std::string_view path) {
  absl::MutexLock lock(&mutex_);
  ++counts_[kind];
  bool fails = false;
  for (Fault& fault : faults_) {
    if (fault.kind != kind || !path.ends_with(fault.suffix)) continue;
    --fault.operations_left;
    fails = fails || fault.operations_left == 0 ||
            (fault.operations_left < 0 && fault.mode == Mode::kSticky);
  }
  return fails;
}

int FaultPlan::Count(Kind kind) const {
  absl::MutexLock lock(&mutex_);
  const auto count = counts_.find(kind);
  return count == counts_.end() ? 0 : count->second;
}

void FaultPlan::SetFreeBytes(std::optional<std::uint64_t> bytes) {
  absl::MutexLock lock(&mutex_);
  free_bytes_ = bytes;
}

std::optional<std::uint64_t> FaultPlan::FreeBytes() const {
  absl::MutexLock lock(&mutex_);
  return free_bytes_;
}

}  // namespace lethe::test
