// Resource names: tenants/{tenant}/subjects/{uuid}/records/{uuid} and
// tenants/{tenant}/erasures/{uuid}. They mean nothing outside the vault and may stand in logs of
// others; identifiers never do.
#ifndef LETHE_SERVER_DOOR_NAMES_H_
#define LETHE_SERVER_DOOR_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/ids.h"

namespace lethe::server {

struct SubjectName {
  std::string tenant;
  SubjectTag subject;
};
struct RecordName {
  std::string tenant;
  SubjectTag subject;
  RecordTag record;
};
struct ErasureName {
  std::string tenant;
  ReceiptTag receipt;
};

// INVALID_ARGUMENT (kFieldInvalid) unless the whole text is such a name.
absl::StatusOr<std::string> ParseTenantName(std::string_view name);
absl::StatusOr<SubjectName> ParseSubjectName(std::string_view name);
absl::StatusOr<RecordName> ParseRecordName(std::string_view name);
absl::StatusOr<ErasureName> ParseErasureName(std::string_view name);

std::string FormatSubjectName(std::string_view tenant, const SubjectTag& subject);
std::string FormatRecordName(std::string_view tenant, const SubjectTag& subject,
                             const RecordTag& record);
std::string FormatErasureName(std::string_view tenant, const ReceiptTag& receipt);

// The tenant that a name claims, whatever the rest of it looks like; nullopt if it claims none.
// A name of a foreign tenant is refused before anybody asks whether it is well formed.
std::optional<std::string_view> TenantOf(std::string_view name);

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_NAMES_H_
