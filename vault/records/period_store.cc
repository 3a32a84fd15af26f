#include "vault/records/period_store.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "storage/scan.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kLiving = 1;
constexpr std::uint8_t kShredded = 2;
constexpr std::size_t kRowsPerScan = 1'000;

std::uint64_t ClassOf(const CalendarSpan& rule) {
  return static_cast<std::uint64_t>(rule.months()) << 32 | static_cast<std::uint64_t>(rule.days());
}

void AppendDay(ByteWriter& out, const Period& period) {
  out.U32(period.category_id).U64(period.retention_class);
  out.U32(static_cast<std::uint32_t>(period.local_day)).Short(period.zone);
}

Selector SelectorOf(const tenants::Tenant& tenant, const Period& period) {
  ByteWriter day;
  AppendDay(day, period);
  const auto mac = crypto::Mac16(PeriodSelectorKey(tenant.secret), "lethe.persel.v1 ", day.Take());
  Selector selector{};
  std::copy_n(mac.begin(), selector.size(), selector.begin());
  return selector;
}

void PutRow(const tenants::Tenant& tenant, const Period& period, std::uint8_t state,
            storage::Batch& change) {
  const std::string key = row_key::TenantSelector(tenant.tag, period.selector);
  ByteWriter body;
  AppendDay(body, period);
  AppendTime(body, period.end);
  ByteWriter clear;
  clear.U8(kFormat).U8(state);
  period.leaf.AppendTo(clear);
  change.Put(
      table::kPeriod, key,
      SealRow(PeriodRowKey(tenant.secret), table::kPeriod, key, clear.Take(), AsBytes(body.str())));
}

absl::StatusOr<bool> IsTombstone(const std::string& row) {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const std::uint8_t state = in.U8();
  if (!in.ok()) return in.Finish();
  return state == kShredded;
}

absl::Status RetentionOver() {
  return Refuse(Reason::kRetentionOver, "the record's retention is already over",
                "record.origin_time", "category.period");
}

}  // namespace

absl::Time EndOf(const Period& period, const policy::Category& category) {
  // By its own rule nothing is counted again: what is known of zones changes as well.
  const bool same_rule =
      category.counts_from_creation() && ClassOf(*category.period) == period.retention_class;
  if (same_rule) return period.end;
  // UTC where the zone is known no more.
  absl::TimeZone zone;
  absl::LoadTimeZone(period.zone, &zone);
  const auto today = policy::EndOfDay(category, period.local_day, zone);
  return today.has_value() ? std::min(period.end, *today) : period.end;
}

absl::StatusOr<Period> PeriodStore::Find(const tenants::Tenant& tenant,
                                         const Selector& selector) const {
  const auto row = engine_.Get(table::kPeriod, row_key::TenantSelector(tenant.tag, selector));
  if (absl::IsNotFound(row.status())) {
    return Refuse(Reason::kLeafLost, "a record's period is missing");
  }
  LETHE_TRY(row.status());
  return Open(tenant, selector, AsBytes(*row));
}

absl::StatusOr<Period> PeriodStore::Open(const tenants::Tenant& tenant, const Selector& selector,
                                         Bytes row) const {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  Period period;
  period.selector = selector;
  const std::uint8_t state = in.U8();
  if (state != kLiving) LETHE_TRY(CheckFormat(state, kShredded));
  period.leaf = Place::Read(in);
  period.living = state == kLiving && !IsDying(period.leaf);
  LETHE_ASSIGN(const Plaintext body,
               OpenRow(PeriodRowKey(tenant.secret), table::kPeriod,
                       row_key::TenantSelector(tenant.tag, selector), PartsOf(row, in)));
  ByteReader sealed(body.bytes());
  period.category_id = sealed.U32();
  period.retention_class = sealed.U64();
  period.local_day = static_cast<std::int32_t>(sealed.U32());
  period.zone = sealed.Short();
  period.end = ReadTime(sealed).value_or(absl::InfinitePast());
  LETHE_TRY(sealed.Finish());
  return period;
}

absl::StatusOr<Secret> PeriodStore::SecretOf(const Period& period) const {
  if (Secret cached = cache_.Find(period.leaf); !cached.empty()) return cached;
  absl::StatusOr<Secret> secret = tree_.Unwrap(period.leaf);
  if (absl::IsNotFound(secret.status())) {
    if (IsDying(period.leaf)) return Refuse(Reason::kResourceNotFound, "no such record");
    return Refuse(Reason::kLeafLost, "a period's secret is missing");
  }
  LETHE_TRY(secret.status());
  cache_.Remember(period.leaf, *secret);
  // A shred may have begun since, and emptied the cache before this came into it.
  if (IsDying(period.leaf)) cache_.Forget({{period.leaf}});
  return secret;
}

absl::StatusOr<Period> PeriodStore::FindOrDraft(const tenants::Tenant& tenant,
                                                const policy::Category& category, absl::Time origin,
                                                Change& change, Secret& secret) const {
  Period wanted;
  wanted.category_id = category.id;
  wanted.retention_class = ClassOf(*category.period);
  wanted.local_day = LocalDay(origin, tenant.policy.time_zone());
  wanted.zone = tenant.policy.time_zone().name();
  wanted.selector = SelectorOf(tenant, wanted);
  wanted.end = *tenant.policy.EndOf(category, origin);
  const auto row =
      engine_.Get(table::kPeriod, row_key::TenantSelector(tenant.tag, wanted.selector));
  if (row.ok()) {
    LETHE_ASSIGN(Period found, Open(tenant, wanted.selector, AsBytes(*row)));
    if (!found.living) return RetentionOver();
    absl::StatusOr<Secret> living = SecretOf(found);
    if (absl::IsNotFound(living.status())) return RetentionOver();
    LETHE_TRY(living.status());
    secret = *std::move(living);
    // A record that comes behind its period's tombstone would never be cleared away.
    change.batch.ExpectValue(table::kPeriod, row_key::TenantSelector(tenant.tag, wanted.selector),
                             *row);
    return found;
  }
  if (!absl::IsNotFound(row.status())) return row.status();
  LETHE_ASSIGN(keytree::LeafDraft draft, tree_.Draft(change.batch));
  wanted.leaf = draft.place;
  secret = draft.secret.Clone();
  change.batch.ExpectAbsent(table::kPeriod, row_key::TenantSelector(tenant.tag, wanted.selector));
  PutRow(tenant, wanted, kLiving, change.batch);
  change.drafts.push_back(std::move(draft));
  return wanted;
}

absl::StatusOr<std::vector<Period>> PeriodStore::Living(const tenants::Tenant& tenant,
                                                        const BadRow& bad) const {
  std::vector<Period> living;
  LETHE_TRY(storage::ForEachRow(engine_, table::kPeriod,
                                {.prefix = row_key::Tenant(tenant.tag), .after = {}}, kRowsPerScan,
                                [&](const storage::Row& row) {
                                  const auto period = LivingIn(tenant, row);
                                  if (!period.ok()) {
                                    bad(row.key, period.status());
                                  } else if (period->has_value()) {
                                    living.push_back(**period);
                                  }
                                  return absl::OkStatus();
                                }));
  return living;
}

absl::StatusOr<std::optional<Period>> PeriodStore::LivingIn(const tenants::Tenant& tenant,
                                                            const storage::Row& row) const {
  LETHE_ASSIGN(const bool tombstone, IsTombstone(row.value));
  if (tombstone) return std::optional<Period>();
  ByteReader key(row.key);
  key.Raw(TenantTag::kBytes);
  const Selector selector = ReadSelector(key);
  LETHE_TRY(key.Finish());
  LETHE_ASSIGN(const Period period, Open(tenant, selector, AsBytes(row.value)));
  const bool known = tenant.policy.FindById(period.category_id) != nullptr;
  return known && period.living ? std::optional(period) : std::nullopt;
}

absl::StatusOr<bool> PeriodStore::HasTombstone(const tenants::Tenant& tenant,
                                               const Selector& selector) const {
  const auto row = engine_.Get(table::kPeriod, row_key::TenantSelector(tenant.tag, selector));
  if (absl::IsNotFound(row.status())) return false;
  LETHE_TRY(row.status());
  return IsTombstone(*row);
}

void PeriodStore::BeginShred(std::span<const Period> periods) {
  std::vector<Place> leaves;
  for (const Period& period : periods) leaves.push_back(period.leaf);
  {
    absl::MutexLock lock(&mutex_);
    dying_.insert(leaves.begin(), leaves.end());
  }
  cache_.Forget(leaves);
}

void PeriodStore::Revive(std::span<const Period> periods) {
  absl::MutexLock lock(&mutex_);
  for (const Period& period : periods) dying_.erase(period.leaf);
}

void PeriodStore::ReviveWhole() {
  absl::MutexLock lock(&mutex_);
  absl::erase_if(dying_, [this](const Place& leaf) { return tree_.Unwrap(leaf).ok(); });
}

bool PeriodStore::IsDying(const Place& leaf) const {
  absl::ReaderMutexLock lock(&mutex_);
  return dying_.contains(leaf);
}

void PeriodStore::PutTombstone(const tenants::Tenant& tenant, const Period& period,
                               storage::Batch& change) {
  PutRow(tenant, period, kShredded, change);
}

}  // namespace lethe::vault::records
