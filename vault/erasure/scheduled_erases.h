// Erases that wait for the end of the policy's undo window: refused to everybody already, and still
// to be taken back.
//
// Row in table kMeta, key "erase_at." | tenant 16 | subject 16:
//   U8 format | time | U8 ground | U8 initiator | receipt 16
// The subject's header says so too: nobody uses it without looking there.
#ifndef LETHE_VAULT_ERASURE_SCHEDULED_ERASES_H_
#define LETHE_VAULT_ERASURE_SCHEDULED_ERASES_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "storage/engine.h"
#include "vault/model/erasure.h"

namespace lethe::vault::erasure {

struct ScheduledErase {
  TenantTag tenant;
  SubjectTag subject;
  absl::Time time;
  ErasureGround ground = ErasureGround::kNotNecessary;
  Initiator initiator = Initiator::kController;
  ReceiptTag receipt;  // The name that its receipt will have.
};

class ScheduledErases {
 public:
  explicit ScheduledErases(const storage::Engine& engine) : engine_(engine) {}

  static std::string KeyOf(const TenantTag& tenant, const SubjectTag& subject);
  static void Put(const ScheduledErase& scheduled, storage::Batch& change);
  static void Drop(const TenantTag& tenant, const SubjectTag& subject, storage::Batch& change);

  // `bad` is told of a row that cannot be read, and it is left out.
  using BadRow = std::function<void(const std::string& key, const absl::Status& why)>;
  absl::StatusOr<std::vector<ScheduledErase>> All(const BadRow& bad) const;
  // DATA_LOSS: not among those that can be read.
  absl::StatusOr<std::optional<ScheduledErase>> Find(const TenantTag& tenant,
                                                     const ReceiptTag& receipt) const;

 private:
  const storage::Engine& engine_;
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_SCHEDULED_ERASES_H_
