#include "vault/expiry/expired_rows.h"

#include <array>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/scan.h"
#include "vault/calls/bad_row_of.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::expiry {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kOrderPrefix = "expired.";
constexpr std::size_t kNonceBytes = 16;

TenantTag TenantOf(const storage::Row& order) {
  return TenantTag::FromBytes(AsBytes(order.key).last(TenantTag::kBytes));
}

absl::Status CheckOrder(const storage::Row& order) {
  if (order.key.size() != kOrderPrefix.size() + TenantTag::kBytes) {
    return Refuse(Reason::kDecryptFailed, "an order to clear up names no tenant");
  }
  ByteReader in(order.value);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  in.Raw(kNonceBytes);
  return in.Finish();
}

}  // namespace

struct ExpiredRows::Clearing {
  storage::Batch change;
  std::map<Selector, records::Scope> scopes;  // With their new counts.
};

void ExpiredRows::RequestClearing(const TenantTag& tenant, Random& random, storage::Batch& change) {
  std::array<std::uint8_t, kNonceBytes> nonce{};
  random.Fill(nonce);
  change.Put(table::kMeta, std::string(kOrderPrefix) + row_key::Tenant(tenant),
             ByteWriter().U8(kFormat).Raw(nonce).Take());
}

chores::Chore ExpiredRows::ClearChore() {
  StartOver();
  return {
      .name = "expired-rows", .period = absl::ZeroDuration(), .step = [this](chores::Round& round) {
        auto more = Step(round);
        if (!more.ok()) StartOver();
        return more;
      }};
}

void ExpiredRows::StartOver() {
  orders_ = {.prefix = std::string(kOrderPrefix), .after = {}};
  order_.reset();
}

void ExpiredRows::StepOver(chores::Round& round, const chores::RowName& row,
                           const absl::Status& why) {
  round.StepOver(row, why);
  order_has_bad_row_ = true;
}

absl::StatusOr<bool> ExpiredRows::Step(chores::Round& round) {
  if (!order_.has_value()) {
    LETHE_ASSIGN(order_, NextOrder(round));
    if (!order_.has_value()) return false;
    order_has_bad_row_ = false;
    records_ = {.prefix = row_key::Tenant(TenantOf(*order_)), .after = {}};
  }
  const tenants::TenantHandle tenant = stores_.tenants.Find(TenantOf(*order_));
  bool more = false;  // None of one that was withdrawn this instant.
  if (tenant != nullptr) {
    LETHE_ASSIGN(more, StepTenant(tenant, round));
  }
  if (more) return true;
  if (order_has_bad_row_) {
    round.PutOff(order_->key);
  } else if (tenant != nullptr) {
    LETHE_TRY(Close(*tenant));
  }
  order_.reset();
  return true;
}

absl::StatusOr<std::optional<storage::Row>> ExpiredRows::NextOrder(chores::Round& round) {
  while (true) {
    LETHE_ASSIGN(auto page, storage::NextPage(stores_.engine(), table::kMeta, orders_, 1));
    if (page.rows.empty()) break;
    storage::Row& order = page.rows.front();
    const absl::Status whole = CheckOrder(order);
    if (!whole.ok()) {
      round.StepOver({table::kMeta, order.key}, whole);
    } else if (!round.IsPutOff(order.key) && stores_.tenants.Find(TenantOf(order)) != nullptr) {
      return std::optional(std::move(order));
    }
  }
  StartOver();
  return std::optional<storage::Row>();
}

absl::StatusOr<bool> ExpiredRows::StepTenant(const tenants::TenantHandle& tenant,
                                             chores::Round& round) {
  is_dead_.clear();
  LETHE_ASSIGN(const auto page,
               storage::NextPage(stores_.engine(), table::kRecord, records_, kRowsPerStep));
  for (const auto& [subject, keys] : DeadAmong(*tenant, page.rows, round)) {
    absl::Status status = erase_what_ended_(tenant, subject);
    if (status.ok()) status = ClearSubject(tenant, subject, keys, round);
    if (status.ok()) continue;
    if (chores::IsBadRow(status)) {
      StepOver(round, calls::BadRowOf(stores_, *tenant, subject), status);
    } else {
      LETHE_TRY(round.Note(status));
      order_has_bad_row_ = true;  // It is not done.
    }
  }
  return !page.last;
}

ExpiredRows::KeysBySubject ExpiredRows::DeadAmong(const tenants::Tenant& tenant,
                                                  const std::vector<storage::Row>& rows,
                                                  chores::Round& round) {
  KeysBySubject dead;
  for (const storage::Row& row : rows) {
    const auto record = records::ReadRecordRow(AsBytes(row.value));
    if (!record.ok()) {
      // No reason to delete.
      StepOver(round, {table::kRecord, row.key}, record.status());
    } else if (IsDead(tenant, *record, round)) {
      const Bytes key = AsBytes(row.key);
      dead[SubjectTag::FromBytes(key.subspan(TenantTag::kBytes, SubjectTag::kBytes))].push_back(
          row.key);
    }
  }
  return dead;
}

bool ExpiredRows::IsDead(const tenants::Tenant& tenant, const records::RecordRow& record,
                         chores::Round& round) {
  const Selector& selector = record.header.period;
  if (selector == kNoSelector) return false;
  const auto known = is_dead_.find(selector);
  if (known != is_dead_.end()) return known->second;
  const auto is_dead = stores_.periods.HasTombstone(tenant, selector);
  if (!is_dead.ok()) {
    StepOver(round, {table::kPeriod, row_key::TenantSelector(tenant.tag, selector)},
             is_dead.status());
  }
  return is_dead_.emplace(selector, is_dead.value_or(false)).first->second;
}

absl::Status ExpiredRows::ClearSubject(const tenants::TenantHandle& tenant, const SubjectTag& tag,
                                       std::span<const std::string> record_keys,
                                       chores::Round& round) {
  memory::SubjectLocks::Exclusive hold(stores_.locks, tag);
  // Its erase has its own way of clearing up.
  if (stores_.erasing.Contains(tag)) return absl::OkStatus();
  auto subject = stores_.subjects.Load(*tenant, tag);
  if (absl::IsNotFound(subject.status())) return absl::OkStatus();  // Erased.
  LETHE_TRY(subject.status());
  Clearing clearing;
  for (const std::string& key : record_keys) {
    LETHE_TRY(ClearRecord(*subject, key, clearing, round));
  }
  if (clearing.change.empty()) return absl::OkStatus();
  for (const auto& [selector, scope] : clearing.scopes) {
    stores_.scopes.Put(*subject, scope, clearing.change);
  }
  stores_.subjects.Put(*subject, clearing.change);
  return Commit(*tenant, std::move(clearing.change));
}

absl::Status ExpiredRows::ClearRecord(records::OpenSubject& subject, const std::string& key,
                                      Clearing& clearing, chores::Round& round) {
  const auto holder = holds_.HolderOf(key, subject);
  if (chores::IsBadRow(holder.status())) {
    StepOver(round, {table::kHold, key}, holder.status());
    return absl::OkStatus();
  }
  LETHE_TRY(holder.status());
  if (*holder != nullptr) return absl::OkStatus();
  const auto found =
      stores_.records.Find(subject, RecordTag::FromBytes(AsBytes(key).last(RecordTag::kBytes)));
  if (absl::IsNotFound(found.status())) return absl::OkStatus();
  LETHE_TRY(found.status());
  // Of a dead period still: nothing puts a record of that name again.
  const auto scope = clearing.scopes.emplace(found->scope.selector, found->scope).first;
  records::CountOut(scope->second, found->end);
  if (subject.header.records > 0) --subject.header.records;
  clearing.change.Delete(table::kRecord, key);
  clearing.change.Delete(table::kHold, key);
  // Its leaf guards nothing any more; where the group was re-keyed it leaves with the next one.
  clearing.change.Delete(table::kLeaf, found->parsed.header.leaf.Key());
  return absl::OkStatus();
}

// Where another period has died since the scan began, the order is another by now and stays.
absl::Status ExpiredRows::Close(const tenants::Tenant& tenant) {
  storage::Batch done;
  done.ExpectValue(table::kMeta, order_->key, order_->value);
  done.Delete(table::kMeta, order_->key);
  return Commit(tenant, std::move(done));
}

absl::Status ExpiredRows::Commit(const tenants::Tenant& tenant, storage::Batch change) {
  audit::Event event{.method = audit::Method::kSystem, .tenant = tenant.tag};
  event.count = static_cast<std::uint32_t>(change.operations().size());
  // Lost at a power cut, it is done again.
  const absl::Status status = stores_.journal
                                  ->Commit({std::move(event)}, std::move(change),
                                           storage::Durability::kWritten, storage::Room::kReserve)
                                  .status();
  // Somebody was quicker; the next scan finds what is left.
  return absl::IsAborted(status) ? absl::OkStatus() : status;
}

}  // namespace lethe::vault::expiry
