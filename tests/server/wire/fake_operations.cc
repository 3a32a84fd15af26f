#include "tests/server/wire/fake_operations.h"

#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::test {

using vault::Caller;

void FakeOperations::SetKeys(vault::KeyStatus keys) {
  absl::MutexLock hold(&shared_.mutex);
  keys_ = std::move(keys);
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> FakeOperations::CreateBackup(
    const Caller& caller, const vault::BackupRequest& /*request*/) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  return shared_.OpenArtifact();
}

absl::StatusOr<vault::KeyStatus> FakeOperations::GetKeyStatus(const Caller& caller) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeOperations::RotateRoot(const Caller& caller) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  ++keys_.generation;
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeOperations::StepHorizon(const Caller& caller) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  ++keys_.generation;
  for (vault::HolderStatus& holder : keys_.holders) {
    keys_.open_horizons.push_back(holder.service + "/" + holder.service_key);
    holder.service_key += "+";
  }
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeOperations::AttestHorizon(const Caller& caller,
                                                               const std::string& key_id) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  if (std::erase(keys_.open_horizons, key_id) == 0) {
    return Refuse(Reason::kResourceNotFound, "there is no such open horizon");
  }
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeOperations::RetireHolder(const Caller& caller,
                                                              const std::string& name) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  keys_.retirement_asked = name;
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeOperations::RejoinHolder(const Caller& caller,
                                                              const std::string& name) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  for (vault::HolderStatus& holder : keys_.holders) {
    if (holder.name == name) holder.reachable = true;
  }
  return keys_;
}

vault::VaultStatus FakeOperations::Status() const {
  vault::VaultStatus status;
  status.identifiers_loaded = identifiers_loaded_;
  status.sealed = sealed_;
  status.generation = 3;
  status.assurance = vault::Assurance::kTest;
  status.public_key = std::string(32, 'k');
  return status;
}

}  // namespace lethe::test
