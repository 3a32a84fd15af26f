#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "storage/engine.h"
#include "storage/precondition.h"

namespace lethe::storage {

struct Overlay::Rep {
  const Reader& base;
  // The newest value of every row touched; nullopt: deleted.
  std::map<std::pair<TableId, std::string>, std::optional<std::string>> rows;
};

Overlay::Overlay(const Reader& base) : rep_(new Rep{base, {}}) {}
Overlay::~Overlay() = default;

void Overlay::Apply(const Batch& batch) {
  for (const Operation& operation : batch.operations()) {
    std::optional<std::string>& row = rep_->rows[{operation.table, operation.key}];
    if (operation.kind == Operation::Kind::kPut) {
      row = operation.value;
    } else {
      row.reset();
    }
  }
}

absl::Status Overlay::Check(const Batch& batch) const {
  for (const Precondition& condition : batch.preconditions()) {
    const auto laid_over = rep_->rows.find({condition.table, condition.key});
    if (laid_over != rep_->rows.end()) {
      const std::optional<std::string>& value = laid_over->second;
      LETHE_TRY(
          CheckFound(condition, value ? std::optional<std::string_view>(*value) : std::nullopt));
      continue;
    }
    LETHE_TRY(CheckPrecondition(rep_->base, condition));
  }
  return absl::OkStatus();
}

}  // namespace lethe::storage
