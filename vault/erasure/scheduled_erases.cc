#include "vault/erasure/scheduled_erases.h"

#include <string>

#include "base/status_macros.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::erasure {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kPrefix = "erase_at.";
constexpr std::size_t kRowsPerScan = 1'000;

std::string KeyOf(const TenantTag& tenant, const SubjectTag& subject) {
  return std::string(kPrefix) + row_key::Subject(tenant, subject);
}

absl::StatusOr<ScheduledErase> Read(const storage::Row& row) {
  const Bytes key = AsBytes(row.key).subspan(kPrefix.size());
  ByteReader in(row.value);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  ScheduledErase scheduled;
  scheduled.tenant = TenantTag::FromBytes(key.first(TenantTag::kBytes));
  scheduled.subject = SubjectTag::FromBytes(key.last(SubjectTag::kBytes));
  scheduled.time = ReadTime(in).value_or(absl::InfiniteFuture());
  scheduled.ground = in.Named<ErasureGround>();
  scheduled.initiator = in.Named<Initiator>();
  const Bytes receipt = in.Raw(ReceiptTag::kBytes);
  LETHE_TRY(in.Finish());
  scheduled.receipt = ReceiptTag::FromBytes(receipt);
  return scheduled;
}

}  // namespace

void ScheduledErases::Put(const ScheduledErase& scheduled, storage::Batch& change) {
  ByteWriter row;
  row.U8(kFormat);
  AppendTime(row, scheduled.time);
  row.U8(static_cast<std::uint8_t>(scheduled.ground));
  row.U8(static_cast<std::uint8_t>(scheduled.initiator));
  row.Raw(scheduled.receipt.bytes());
  change.Put(table::kMeta, KeyOf(scheduled.tenant, scheduled.subject), row.Take());
}

void ScheduledErases::Drop(const TenantTag& tenant, const SubjectTag& subject,
                           storage::Batch& change) {
  change.Delete(table::kMeta, KeyOf(tenant, subject));
}

absl::StatusOr<std::vector<ScheduledErase>> ScheduledErases::All() const {
  std::vector<ScheduledErase> all;
  storage::Range range{.prefix = std::string(kPrefix), .after = {}};
  while (true) {
    LETHE_ASSIGN(const auto rows, engine_.Scan(table::kMeta, range, kRowsPerScan));
    for (const storage::Row& row : rows) {
      LETHE_ASSIGN(ScheduledErase scheduled, Read(row));
      all.push_back(scheduled);
    }
    if (rows.size() < kRowsPerScan) return all;
    range.after = rows.back().key;
  }
}

absl::StatusOr<std::optional<ScheduledErase>> ScheduledErases::Find(
    const TenantTag& tenant, const ReceiptTag& receipt) const {
  LETHE_ASSIGN(const std::vector<ScheduledErase> all, All());
  for (const ScheduledErase& scheduled : all) {
    if (scheduled.tenant == tenant && scheduled.receipt == receipt) return std::optional(scheduled);
  }
  return std::optional<ScheduledErase>();
}

}  // namespace lethe::vault::erasure
