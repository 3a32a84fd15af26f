// Idempotency: what a request id led to, kept for a day.
//
// Row in table kRequest, key tenant | scope 16 | mac 16:   U8 format | U32 hour | sealed
//   mac    = MAC(request key, U8 method | Short principal | Short request id)
//   sealed = AES-256-GCM(request key, tag 16 | U32 number | body mac 16 | memo)
//
// The scope is a subject and the request key hangs on that subject, so that all of it dies with the
// person; requests that make or erase a subject stand under the tenant and hold nothing personal.
#ifndef LETHE_VAULT_RECORDS_REQUEST_ROWS_H_
#define LETHE_VAULT_RECORDS_REQUEST_ROWS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/memory/secret.h"
#include "storage/engine.h"
#include "vault/audit/event.h"
#include "vault/model/caller.h"
#include "vault/records/subject_store.h"

namespace lethe::vault::records {

inline constexpr absl::Duration kRequestsKept = absl::Hours(24);

using BodyMac = std::array<std::uint8_t, 16>;

using TagBytes = std::array<std::uint8_t, 16>;
TagBytes TagBytesOf(Bytes tag);

// What an earlier call with this id did.
struct RequestRow {
  TagBytes tag{};            // Of the record, subject, act, row or receipt it made.
  std::uint32_t number = 0;  // The version or count it left.
  BodyMac body{};            // Zeros where the body is compared in another way.
  std::string memo;  // What else a repetition needs: the leaf that was doomed, for instance.
};

// One request's place in the table; calls/once_only.h is what calls use.
class RequestId {
 public:
  static RequestId OfSubject(const OpenSubject& subject, audit::Method method,
                             const Caller& caller);
  static RequestId OfTenant(const tenants::Tenant& tenant, audit::Method method,
                            const Caller& caller);

  // nullopt: not seen within the last day.
  absl::StatusOr<std::optional<RequestRow>> Find(const storage::Engine& engine, absl::Time now);
  // Only if the row is still what Find saw: of two equal requests at once, one does the work. In a
  // batch that cannot fail (`unconditional`), something else must keep the two apart.
  void Put(const RequestRow& row, absl::Time now, storage::Batch& change,
           bool unconditional = false) const;

 private:
  RequestId(Secret key, const TenantTag& tenant, const SubjectTag& scope, audit::Method method,
            const Caller& caller);

  Secret key_;
  std::string row_key_;
  std::optional<std::string> outdated_;  // A row of an earlier day, as Find saw it.
};

// Rows of requests made before this hour may go. DATA_LOSS: not a request row.
absl::StatusOr<bool> IsOutdated(Bytes row, absl::Time now);

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_REQUEST_ROWS_H_
