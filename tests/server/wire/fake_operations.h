// A made-up Operations facet: a root that changes when it is told to.
#ifndef LETHE_TESTS_SERVER_WIRE_FAKE_OPERATIONS_H_
#define LETHE_TESTS_SERVER_WIRE_FAKE_OPERATIONS_H_

#include <atomic>

#include "tests/server/wire/fake_shared.h"
#include "vault/vault.h"

namespace lethe::test {

// Thread-safe.
class FakeOperations final : public vault::Operations {
 public:
  explicit FakeOperations(FakeShared& shared) : shared_(shared) {}

  // What the calls about keys start from.
  void SetKeys(vault::KeyStatus keys);
  void SetSealed() { sealed_ = true; }
  void SetIdentifiersLoaded(bool loaded) { identifiers_loaded_ = loaded; }

  absl::StatusOr<std::unique_ptr<vault::Artifact>> CreateBackup(
      const vault::Caller& caller, const vault::BackupRequest& request) override;
  absl::StatusOr<vault::KeyStatus> GetKeyStatus(const vault::Caller& caller) override;
  absl::StatusOr<vault::KeyStatus> RotateRoot(const vault::Caller& caller) override;
  absl::StatusOr<vault::KeyStatus> StepHorizon(const vault::Caller& caller) override;
  absl::StatusOr<vault::KeyStatus> AttestHorizon(const vault::Caller& caller,
                                                 const std::string& key_id) override;
  absl::StatusOr<vault::KeyStatus> RetireHolder(const vault::Caller& caller,
                                                const std::string& name) override;
  absl::StatusOr<vault::KeyStatus> RejoinHolder(const vault::Caller& caller,
                                                const std::string& name) override;
  vault::VaultStatus Status() const override;

 private:
  FakeShared& shared_;
  vault::KeyStatus keys_ ABSL_GUARDED_BY(shared_.mutex);
  std::atomic<bool> sealed_{false};
  std::atomic<bool> identifiers_loaded_{true};
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_FAKE_OPERATIONS_H_
