#include "vault/records/request_rows.h"

#include <algorithm>

#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;

// Hours, because the clear part of a row need not tell the second of a call.
std::uint32_t HourOf(absl::Time time) {
  return static_cast<std::uint32_t>(absl::ToUnixSeconds(time) / 3'600);
}

}  // namespace

TagBytes TagBytesOf(Bytes tag) {
  TagBytes bytes{};
  std::ranges::copy(tag.first(bytes.size()), bytes.begin());
  return bytes;
}

RequestId::RequestId(Secret key, const TenantTag& tenant, const SubjectTag& scope,
                     audit::Method method, const Caller& caller)
    : key_(std::move(key)) {
  const std::string message = ByteWriter()
                                  .U8(static_cast<std::uint8_t>(method))
                                  .Short(caller.principal.id)
                                  .Short(caller.request_id)
                                  .Take();
  row_key_ = row_key::Request(tenant, scope, crypto::Mac16(key_, "lethe.request.v1", message));
}

RequestId RequestId::OfSubject(const OpenSubject& subject, audit::Method method,
                               const Caller& caller) {
  return RequestId(SubjectRequestKey(subject.key), subject.tenant->tag, subject.tag, method,
                   caller);
}

RequestId RequestId::OfTenant(const tenants::Tenant& tenant, audit::Method method,
                              const Caller& caller) {
  return RequestId(TenantRequestKey(tenant.secret), tenant.tag, SubjectTag(), method, caller);
}

absl::StatusOr<std::optional<RequestRow>> RequestId::Find(const storage::Engine& engine,
                                                          absl::Time now) {
  auto row = engine.Get(table::kRequest, row_key_);
  if (absl::IsNotFound(row.status())) return std::optional<RequestRow>();
  LETHE_TRY(row.status());
  LETHE_ASSIGN(const bool outdated, IsOutdated(AsBytes(*row), now));
  if (outdated) {
    outdated_ = *std::move(row);
    return std::optional<RequestRow>();
  }
  ByteReader in(*row);
  in.U8();
  in.U32();
  LETHE_ASSIGN(const Plaintext body,
               OpenRow(key_, table::kRequest, row_key_, PartsOf(AsBytes(*row), in)));
  ByteReader sealed(body.bytes());
  RequestRow found;
  std::ranges::copy(sealed.Raw(found.tag.size()), found.tag.begin());
  found.number = sealed.U32();
  std::ranges::copy(sealed.Raw(found.body.size()), found.body.begin());
  found.memo = AsText(sealed.Raw(sealed.remaining()));
  LETHE_TRY(sealed.Finish());
  return std::optional<RequestRow>(std::move(found));
}

void RequestId::Put(const RequestRow& row, absl::Time now, storage::Batch& change,
                    bool unconditional) const {
  if (!unconditional && outdated_.has_value()) {
    change.ExpectValue(table::kRequest, row_key_, *outdated_);
  } else if (!unconditional) {
    change.ExpectAbsent(table::kRequest, row_key_);
  }
  const std::string body =
      ByteWriter().Raw(row.tag).U32(row.number).Raw(row.body).Raw(row.memo).Take();
  change.Put(table::kRequest, row_key_,
             SealRow(key_, table::kRequest, row_key_,
                     ByteWriter().U8(kFormat).U32(HourOf(now)).Take(), AsBytes(body)));
}

absl::StatusOr<bool> IsOutdated(Bytes row, absl::Time now) {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const std::uint32_t hour = in.U32();
  if (!in.ok()) return absl::DataLossError("a request row is too short");
  // A full hour more than a day, since the row knows its hour only.
  return hour + absl::ToInt64Hours(kRequestsKept) < HourOf(now);
}

}  // namespace lethe::vault::records
