// A whole vault in two lines, on memory or on RocksDB, with a clock that moves when told to and no
// threads of its own. It can be closed and opened again on the same disk.
#ifndef LETHE_TESTS_SUPPORT_TEST_VAULT_H_
#define LETHE_TESTS_SUPPORT_TEST_VAULT_H_

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/reason.h"
#include "gmock/gmock.h"
#include "storage/engine.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_slot_file.h"
#include "tests/support/temp_dir.h"
#include "vault/open/opened_vault.h"

namespace lethe::test {

enum class Disk { kMemory, kRocks };

// account (P0D after contract end), billing (10 years by law), support, telemetry (one month).
extern const char kTestPolicy[];

struct TestVaultOptions {
  Disk disk = Disk::kMemory;
  absl::Duration doomed_delay = absl::Seconds(60);
  bool background = false;
  bool load_identifiers = true;
  std::vector<vault::TenantConfig> tenants = {{"acme", kTestPolicy}, {"globex", kTestPolicy}};
};

class TestVault {
 public:
  explicit TestVault(TestVaultOptions options = {});
  ~TestVault();

  vault::OpenedVault* operator->() { return vault_.get(); }
  vault::OpenedVault& operator*() { return *vault_; }

  void Close() { vault_.reset(); }
  absl::Status Open();
  // Closes and opens again; the test fails if that does.
  void Restart();

  // A caller of `tenant` with a request id never used before.
  vault::Caller As(const std::string& purpose, const std::string& tenant = "acme");
  // A new subject with one identifier.
  vault::Subject Create(const std::string& customer_number, const std::string& tenant = "acme");
  vault::Record Put(const SubjectTag& subject, const std::string& category, const std::string& json,
                    const std::string& tenant = "acme");
  absl::StatusOr<vault::Record> Get(const vault::Record& record, const std::string& purpose,
                                    const std::string& tenant = "acme");
  absl::StatusOr<vault::Erasure> Erase(const SubjectTag& subject,
                                       vault::Initiator initiator = vault::Initiator::kController);

  const storage::Engine& engine() { return vault_->stores().engine(); }
  const std::string& folder() const { return dir_.path(); }
  std::shared_ptr<SlotDisk> slots() { return slots_; }
  const VaultId& id() const { return id_; }
  // The root as the holder has it now.
  Secret CurrentRoot() const;

  TestVaultOptions options;
  FakeClock clock;
  SystemRandom random;

 private:
  vault::VaultParts Parts();
  std::unique_ptr<storage::Engine> OpenEngine(bool create);

  TempDir dir_;
  VaultId id_;
  std::shared_ptr<SlotDisk> slots_;
  std::shared_ptr<storage::Engine> engine_;
  std::unique_ptr<vault::OpenedVault> vault_;
};

vault::Identifier CustomerNumber(const std::string& value);

// A refusal for this reason.
MATCHER_P(IsRefused, reason, std::string("is refused: ") + std::string(NameOf(reason))) {
  const absl::Status status = [&]() -> absl::Status {
    if constexpr (requires { arg.status(); }) {
      return arg.status();
    } else {
      return arg;
    }
  }();
  *result_listener << status.ToString();
  return ReasonOf(status) == reason;
}

MATCHER(IsOk, "is OK") {
  const absl::Status status = [&]() -> absl::Status {
    if constexpr (requires { arg.status(); }) {
      return arg.status();
    } else {
      return arg;
    }
  }();
  *result_listener << status.ToString();
  return status.ok();
}

// Everything an artifact has to say, or how it ended.
absl::StatusOr<std::string> ReadAll(vault::Artifact& artifact);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_TEST_VAULT_H_
