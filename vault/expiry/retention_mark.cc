#include "vault/expiry/retention_mark.h"

#include "base/status_macros.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::expiry {
namespace {

constexpr std::uint8_t kFormat = 1;

}  // namespace

absl::StatusOr<bool> IsPastRetentionMark(const storage::Engine& engine, absl::Time now) {
  const auto row = engine.Get(table::kMeta, kRetentionMarkRow);
  if (absl::IsNotFound(row.status())) return true;
  LETHE_TRY(row.status());
  ByteReader in(*row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const auto mark = ReadTime(in);
  LETHE_TRY(in.Finish());
  return !mark.has_value() || now >= *mark;
}

void PutRetentionMark(absl::Time now, storage::Batch& change) {
  ByteWriter row;
  row.U8(kFormat);
  AppendTime(row, now);
  change.Put(table::kMeta, kRetentionMarkRow, row.Take());
}

}  // namespace lethe::vault::expiry
