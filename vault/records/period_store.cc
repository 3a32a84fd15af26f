#include "vault/records/period_store.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/records/derived_keys.h"
#include "vault/records/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kLiving = 1;
constexpr std::uint8_t kShredded = 2;

std::uint64_t ClassOf(const lethe::Period& rule) {
  return static_cast<std::uint64_t>(rule.months()) << 32 | static_cast<std::uint64_t>(rule.days());
}

Selector SelectorOf(const Tenant& tenant, const Period& period) {
  const auto mac = crypto::Mac16(PeriodSelectorKey(tenant.secret), "lethe.persel.v1 ",
                                 ByteWriter()
                                     .U32(period.category_id)
                                     .U64(period.retention_class)
                                     .U32(static_cast<std::uint32_t>(period.local_day))
                                     .Take());
  Selector selector{};
  std::copy_n(mac.begin(), selector.size(), selector.begin());
  return selector;
}

void PutRow(const Tenant& tenant, const Period& period, storage::Batch& change) {
  const std::string key = row_key::TenantSelector(tenant.tag, period.selector);
  ByteWriter body;
  body.U32(period.category_id).U64(period.retention_class);
  body.U32(static_cast<std::uint32_t>(period.local_day));
  AppendTime(body, period.end);
  ByteWriter clear;
  clear.U8(kFormat).U8(kLiving);
  period.leaf.AppendTo(clear);
  change.ExpectAbsent(table::kPeriod, key);
  change.Put(
      table::kPeriod, key,
      SealRow(PeriodRowKey(tenant.secret), table::kPeriod, key, clear.Take(), AsBytes(body.str())));
}

}  // namespace

absl::Time EndOf(const Period& period, const policy::Category& category,
                 const policy::Policy& policy) {
  const auto today = policy.EndOfDay(category, period.local_day);
  return today.has_value() ? std::min(period.end, *today) : period.end;
}

absl::StatusOr<Period> PeriodStore::Find(const Tenant& tenant, const Selector& selector) const {
  const auto row = engine_.Get(table::kPeriod, row_key::TenantSelector(tenant.tag, selector));
  if (absl::IsNotFound(row.status())) {
    return Refuse(Reason::kLeafLost, "a record's period is missing");
  }
  LETHE_TRY(row.status());
  return Open(tenant, selector, AsBytes(*row));
}

absl::StatusOr<Period> PeriodStore::Open(const Tenant& tenant, const Selector& selector,
                                         Bytes row) const {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  Period period;
  period.selector = selector;
  const std::uint8_t state = in.U8();
  if (state != kLiving) LETHE_TRY(CheckFormat(state, kShredded));
  period.living = state == kLiving;
  period.leaf = Place::Read(in);
  LETHE_ASSIGN(const Plaintext body,
               OpenRow(PeriodRowKey(tenant.secret), table::kPeriod,
                       row_key::TenantSelector(tenant.tag, selector), PartsOf(row, in)));
  ByteReader sealed(body.bytes());
  period.category_id = sealed.U32();
  period.retention_class = sealed.U64();
  period.local_day = static_cast<std::int32_t>(sealed.U32());
  period.end = ReadTime(sealed).value_or(absl::InfinitePast());
  LETHE_TRY(sealed.Finish());
  return period;
}

absl::StatusOr<Secret> PeriodStore::SecretOf(const Period& period) const {
  if (Secret cached = cache_.Find(period.leaf); !cached.empty()) return cached;
  LETHE_ASSIGN(Secret secret, tree_.Unwrap(period.leaf));
  cache_.Remember(period.leaf, secret);
  return secret;
}

absl::StatusOr<Period> PeriodStore::FindOrDraft(const Tenant& tenant,
                                                const policy::Category& category, absl::Time origin,
                                                Change& change, Secret& secret) const {
  Period wanted;
  wanted.category_id = category.id;
  wanted.retention_class = ClassOf(*category.period);
  wanted.local_day = LocalDay(origin, tenant.policy.time_zone());
  wanted.selector = SelectorOf(tenant, wanted);
  wanted.end = *tenant.policy.EndOf(category, origin);
  const auto row =
      engine_.Get(table::kPeriod, row_key::TenantSelector(tenant.tag, wanted.selector));
  if (row.ok()) {
    LETHE_ASSIGN(Period found, Open(tenant, wanted.selector, AsBytes(*row)));
    if (!found.living) {
      return Refuse(Reason::kRetentionOver, "the record's retention is already over",
                    "record.origin_time", "category.period");
    }
    LETHE_ASSIGN(secret, SecretOf(found));
    return found;
  }
  if (!absl::IsNotFound(row.status())) return row.status();
  LETHE_ASSIGN(keytree::LeafDraft draft, tree_.Draft(change.batch));
  wanted.leaf = draft.place;
  secret = draft.secret.Clone();
  PutRow(tenant, wanted, change.batch);
  change.drafts.push_back(std::move(draft));
  return wanted;
}

}  // namespace lethe::vault::records
