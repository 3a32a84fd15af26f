#include "vault/erasure/scheduled_erases.h"

#include <string>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/scan.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::erasure {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kPrefix = "erase_at.";
constexpr std::size_t kRowsPerScan = 1'000;

absl::StatusOr<ScheduledErase> Read(const storage::Row& row) {
  const Bytes key = AsBytes(row.key).subspan(kPrefix.size());
  if (key.size() != TenantTag::kBytes + SubjectTag::kBytes) {
    return Refuse(Reason::kDecryptFailed, "a scheduled erase is nobody's");
  }
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

std::string ScheduledErases::KeyOf(const TenantTag& tenant, const SubjectTag& subject) {
  return std::string(kPrefix) + row_key::Subject(tenant, subject);
}

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

absl::StatusOr<std::vector<ScheduledErase>> ScheduledErases::All(const BadRow& bad) const {
  std::vector<ScheduledErase> all;
  LETHE_TRY(storage::ForEachRow(engine_, table::kMeta,
                                {.prefix = std::string(kPrefix), .after = {}}, kRowsPerScan,
                                [&](const storage::Row& row) {
                                  const auto scheduled = Read(row);
                                  if (scheduled.ok()) {
                                    all.push_back(*scheduled);
                                  } else {
                                    bad(row.key, scheduled.status());
                                  }
                                  return absl::OkStatus();
                                }));
  return all;
}

absl::StatusOr<std::optional<ScheduledErase>> ScheduledErases::Find(
    const TenantTag& tenant, const ReceiptTag& receipt) const {
  absl::Status unread;
  LETHE_ASSIGN(const std::vector<ScheduledErase> all,
               All([&](const std::string& key, const absl::Status& why) {
                 // Another tenant's is no reason to doubt.
                 const bool its = key.starts_with(std::string(kPrefix) + row_key::Tenant(tenant));
                 if (its) unread.Update(why);
               }));
  for (const ScheduledErase& scheduled : all) {
    if (scheduled.tenant == tenant && scheduled.receipt == receipt) return std::optional(scheduled);
  }
  LETHE_TRY(unread);
  return std::optional<ScheduledErase>();
}

}  // namespace lethe::vault::erasure
