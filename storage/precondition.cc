#include "storage/precondition.h"

#include <string>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::storage {

absl::Status CheckFound(const Precondition& condition, std::optional<std::string_view> found) {
  const bool holds = condition.value.has_value() ? found == std::string_view(*condition.value)
                                                 : !found.has_value();
  if (holds) return absl::OkStatus();
  return Refuse(Reason::kConcurrentChange, "a precondition of the change does not hold");
}

absl::Status CheckPrecondition(const Reader& reader, const Precondition& condition) {
  const absl::StatusOr<std::string> value = reader.Get(condition.table, condition.key);
  if (value.ok()) return CheckFound(condition, *value);
  if (absl::IsNotFound(value.status())) return CheckFound(condition, std::nullopt);
  return value.status();
}

absl::Status CheckPreconditions(const Reader& reader, const Batch& batch) {
  for (const Precondition& condition : batch.preconditions()) {
    LETHE_TRY(CheckPrecondition(reader, condition));
  }
  return absl::OkStatus();
}

}  // namespace lethe::storage
