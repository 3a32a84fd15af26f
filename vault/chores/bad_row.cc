#include "vault/chores/bad_row.h"

#include "base/codec.h"
#include "base/reason.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::chores {

bool IsBadRow(const absl::Status& status) {
  return absl::IsDataLoss(status) || ReasonOf(status) == Reason::kUnsupportedFormat;
}

bool IsOfTheVault(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsInternal(status);
}

bool IsFinal(const absl::Status& status) {
  const auto reason = ReasonOf(status);
  return reason == Reason::kSealed || reason == Reason::kShuttingDown || absl::IsInternal(status);
}

std::optional<RowName> BadLeafBeside(const storage::Engine& engine, const keytree::KeyTree& tree,
                                     const keytree::Place& leaf) {
  const auto rows =
      engine.Scan(table::kLeaf, {.prefix = ByteWriter().U64(leaf.group).Take(), .after = {}},
                  keytree::kSlotsPerGroup);
  if (!rows.ok()) return std::nullopt;
  for (const storage::Row& row : *rows) {
    ByteReader key(row.key);
    if (IsBadRow(tree.Unwrap(keytree::Place::Read(key)).status())) {
      return RowName{table::kLeaf, row.key};
    }
  }
  return std::nullopt;
}

}  // namespace lethe::vault::chores
