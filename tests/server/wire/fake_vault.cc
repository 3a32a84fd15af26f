#include "tests/server/wire/fake_vault.h"

#include <utility>

namespace lethe::test {

void FakeAudit::RecordRefusal(const vault::Caller& caller, std::string_view method,
                              const absl::Status& status) {
  absl::MutexLock hold(&mutex_);
  refusals_.push_back({caller, std::string(method), status});
}

std::vector<FakeAudit::Refusal> FakeAudit::refusals() const {
  absl::MutexLock hold(&mutex_);
  return refusals_;
}

void FakeVault::SetArtifact(std::vector<std::string> pieces, absl::Status end) {
  absl::MutexLock hold(&shared_.mutex);
  shared_.pieces = std::move(pieces);
  shared_.artifact_end = std::move(end);
}

}  // namespace lethe::test
