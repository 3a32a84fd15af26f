// A FakeVault is made of a fake for each facet, which do what a test tells them to: fail the next
// call, or hold it until released. What the server asks of them can be read back.
#ifndef LETHE_TESTS_SERVER_WIRE_FAKE_VAULT_H_
#define LETHE_TESTS_SERVER_WIRE_FAKE_VAULT_H_

#include <string>
#include <string_view>
#include <vector>

#include "tests/server/wire/fake_data.h"
#include "tests/server/wire/fake_operations.h"
#include "tests/server/wire/fake_rights.h"
#include "tests/server/wire/fake_shared.h"
#include "vault/vault.h"

namespace lethe::test {

// Thread-safe.
class FakeAudit final : public vault::Audit {
 public:
  struct Refusal {
    vault::Caller caller;
    std::string method;
    absl::Status status;
  };

  void RecordRefusal(const vault::Caller& caller, std::string_view method,
                     const absl::Status& status) override;
  std::vector<Refusal> refusals() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<Refusal> refusals_ ABSL_GUARDED_BY(mutex_);
};

// Thread-safe.
class FakeVault final : public vault::Vault {
 public:
  using Refusal = FakeAudit::Refusal;

  vault::Data& data() override { return data_; }
  vault::Rights& rights() override { return rights_; }
  vault::Operations& operations() override { return operations_; }
  vault::Audit& audit() override { return audit_; }

  // See FakeDoor: every call but Status passes it.
  void FailNext(absl::Status status) { shared_.door.FailNext(std::move(status)); }
  void Hold() { shared_.door.Hold(); }
  void Release() { shared_.door.Release(); }
  void AwaitHeld(int count) { shared_.door.AwaitHeld(count); }
  vault::Caller last_caller() const { return shared_.door.last_caller(); }
  int calls() const { return shared_.door.calls(); }

  // What the artifacts opened from now on hold, and how they end.
  void SetArtifact(std::vector<std::string> pieces, absl::Status end);
  void SetKeys(vault::KeyStatus keys) { operations_.SetKeys(std::move(keys)); }
  void SetSealed() { operations_.SetSealed(); }
  void SetIdentifiersLoaded(bool loaded) { operations_.SetIdentifiersLoaded(loaded); }
  std::vector<Refusal> refusals() const { return audit_.refusals(); }

 private:
  FakeShared shared_;
  FakeData data_{shared_};
  FakeRights rights_{shared_};
  FakeOperations operations_{shared_};
  FakeAudit audit_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_FAKE_VAULT_H_
