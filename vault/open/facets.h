// The facets whose calls come from several rooms, put together.
#ifndef LETHE_VAULT_OPEN_FACETS_H_
#define LETHE_VAULT_OPEN_FACETS_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "base/ids.h"
#include "vault/acts/act_calls.h"
#include "vault/backup/backup_calls.h"
#include "vault/calls/desk.h"
#include "vault/data/record_calls.h"
#include "vault/erasure/erase_calls.h"
#include "vault/erasure/erasure_stores.h"
#include "vault/keys/key_calls.h"
#include "vault/offboarding/offboarding.h"
#include "vault/reports/artifact_calls.h"

namespace lethe::vault {

// Thread-safe.
class RightsCalls final : public erasure::EraseCalls,
                          public offboarding::Offboarding,
                          public acts::ActCalls,
                          public reports::ArtifactCalls {
 public:
  // `work_waits` is called when an erase has left something to clear up.
  RightsCalls(calls::Desk& desk, const erasure::ErasureStores& erasures, data::RecordCalls& records,
              std::function<void()> work_waits)
      : EraseCalls(desk, erasures, std::move(work_waits)),
        Offboarding(desk, erasures, *this),
        ActCalls(desk),
        ArtifactCalls(desk, records, erasures.withholding) {}
};

struct OperationsOptions {
  bool dev = false;
  std::function<absl::Status()> check_described;  // VaultParts'; may be null.
};

// Thread-safe.
class OperationsCalls final : public backup::BackupCalls, public keys::KeyCalls {
 public:
  using ChoresOf = std::function<std::vector<ChoreStatus>()>;

  OperationsCalls(calls::Desk& desk, const VaultId& vault, OperationsOptions options,
                  ChoresOf chores)
      : BackupCalls(desk, vault, options.dev),
        KeyCalls(desk),
        stores_(desk.stores),
        check_described_(std::move(options.check_described)),
        chores_(std::move(chores)) {}

  VaultStatus Status() const override;

 private:
  // A line for each thing that the next start would not find.
  std::vector<std::string> Alarms() const;

  const calls::Stores& stores_;
  const std::function<absl::Status()> check_described_;
  const ChoresOf chores_;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_FACETS_H_
