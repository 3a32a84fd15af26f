// FakeVault: what operators ask about the root and its holders.
#include "base/reason.h"
#include "base/status_macros.h"
#include "tests/server/wire/fake_vault.h"

namespace lethe::test {

using vault::Caller;

absl::StatusOr<vault::KeyStatus> FakeVault::GetKeyStatus(const Caller& caller) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeVault::RotateRoot(const Caller& caller) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  ++keys_.generation;
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeVault::StepHorizon(const Caller& caller) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  ++keys_.generation;
  for (vault::HolderStatus& holder : keys_.holders) {
    keys_.open_horizons.push_back(holder.service + "/" + holder.service_key);
    holder.service_key += "+";
  }
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeVault::AttestHorizon(const Caller& caller,
                                                          const std::string& key_id) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  if (std::erase(keys_.open_horizons, key_id) == 0) {
    return Refuse(Reason::kResourceNotFound, "there is no such open horizon");
  }
  return keys_;
}

absl::StatusOr<vault::KeyStatus> FakeVault::RetireHolder(const Caller& caller,
                                                         const std::string& name) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  keys_.retirement_asked = name;
  return keys_;
}

}  // namespace lethe::test
