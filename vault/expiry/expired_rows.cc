#include "vault/expiry/expired_rows.h"

#include <array>
#include <utility>

#include "base/status_macros.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::expiry {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kOrderPrefix = "expired.";
constexpr std::size_t kOrdersPerScan = 1'000;

TenantTag TenantOf(const storage::Row& order) {
  return TenantTag::FromBytes(AsBytes(order.key).last(TenantTag::kBytes));
}

bool IsSame(const storage::Row& a, const storage::Row& b) {
  return a.key == b.key && a.value == b.value;
}

}  // namespace

struct ExpiredRows::Clearing {
  storage::Batch change;
  std::map<Selector, records::Scope> scopes;  // With their new counts.
};

void ExpiredRows::RequestClearing(const TenantTag& tenant, Random& random, storage::Batch& change) {
  std::array<std::uint8_t, 16> nonce{};
  random.Fill(nonce);
  change.Put(table::kMeta, std::string(kOrderPrefix) + row_key::Tenant(tenant),
             ByteWriter().U8(kFormat).Raw(nonce).Take());
}

absl::StatusOr<std::optional<storage::Row>> ExpiredRows::NextOrder() const {
  LETHE_ASSIGN(auto orders, parts_.journal.engine().Scan(
                                table::kMeta, {.prefix = std::string(kOrderPrefix), .after = {}},
                                kOrdersPerScan));
  for (storage::Row& order : orders) {
    if (parts_.tenants.Find(TenantOf(order)) != nullptr) return std::optional(std::move(order));
  }
  return std::optional<storage::Row>();
}

absl::StatusOr<bool> ExpiredRows::Step() {
  LETHE_ASSIGN(auto order, NextOrder());
  if (!order.has_value()) return false;
  if (!IsSame(*order, working_on_)) {
    working_on_ = *order;
    after_.clear();
  }
  is_dead_.clear();
  const records::TenantHandle handle = parts_.tenants.Find(TenantOf(working_on_));
  if (handle == nullptr) return true;  // Withdrawn this instant.
  const records::Tenant& tenant = *handle;
  LETHE_ASSIGN(
      const auto rows,
      parts_.journal.engine().Scan(
          table::kRecord, {.prefix = row_key::Tenant(tenant.tag), .after = after_}, kRowsPerStep));
  std::map<SubjectTag, std::vector<std::string>> dead;
  for (const storage::Row& row : rows) {
    const auto record = records::ReadRecordRow(AsBytes(row.value));
    if (!record.ok()) continue;  // Damaged: no reason to delete.
    LETHE_ASSIGN(const bool is_dead, IsDead(tenant, *record));
    if (!is_dead) continue;
    const Bytes key = AsBytes(row.key);
    dead[SubjectTag::FromBytes(key.subspan(TenantTag::kBytes, SubjectTag::kBytes))].push_back(
        row.key);
  }
  for (const auto& [subject, keys] : dead) {
    LETHE_TRY(parts_.erase_what_ended(handle, subject));
    LETHE_TRY(ClearSubject(tenant, subject, keys));
  }
  if (!rows.empty()) after_ = rows.back().key;
  if (rows.size() == kRowsPerStep) return true;
  storage::Batch done;
  done.ExpectValue(table::kMeta, working_on_.key, working_on_.value);
  done.Delete(table::kMeta, working_on_.key);
  working_on_ = {};
  LETHE_TRY(Commit(tenant, std::move(done)));
  return true;
}

absl::StatusOr<bool> ExpiredRows::IsDead(const records::Tenant& tenant,
                                         const records::RecordRow& record) {
  const Selector& selector = record.header.period;
  if (selector == kNoSelector) return false;
  const auto known = is_dead_.find(selector);
  if (known != is_dead_.end()) return known->second;
  LETHE_ASSIGN(const bool is_dead, parts_.periods.HasTombstone(tenant, selector));
  return is_dead_.emplace(selector, is_dead).first->second;
}

absl::Status ExpiredRows::ClearSubject(const records::Tenant& tenant, const SubjectTag& tag,
                                       std::span<const std::string> record_keys) {
  records::SubjectLocks::Exclusive hold(parts_.locks, tag);
  // Its erase has its own way of clearing up.
  if (parts_.erasing.Contains(tag)) return absl::OkStatus();
  auto subject = parts_.subjects.Load(tenant, tag);
  // Erased, or damaged: no reason to delete.
  if (absl::IsNotFound(subject.status()) || absl::IsDataLoss(subject.status())) {
    return absl::OkStatus();
  }
  LETHE_TRY(subject.status());
  Clearing clearing;
  for (const std::string& key : record_keys) LETHE_TRY(ClearRecord(*subject, key, clearing));
  if (clearing.change.empty()) return absl::OkStatus();
  for (const auto& [selector, scope] : clearing.scopes) {
    parts_.scopes.Put(*subject, scope, clearing.change);
  }
  parts_.subjects.Put(*subject, clearing.change);
  return Commit(tenant, std::move(clearing.change));
}

absl::Status ExpiredRows::ClearRecord(records::OpenSubject& subject, const std::string& key,
                                      Clearing& clearing) {
  LETHE_ASSIGN(const records::Act* holder, holds_.HolderOf(key, subject));
  if (holder != nullptr) return absl::OkStatus();
  const auto found =
      parts_.records.Find(subject, RecordTag::FromBytes(AsBytes(key).last(RecordTag::kBytes)));
  if (absl::IsNotFound(found.status()) || absl::IsDataLoss(found.status())) return absl::OkStatus();
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

absl::Status ExpiredRows::Commit(const records::Tenant& tenant, storage::Batch change) {
  audit::Event event{.method = audit::Method::kSystem, .tenant = tenant.tag};
  event.count = static_cast<std::uint32_t>(change.operations().size());
  // Lost at a power cut, it is done again.
  const absl::Status status = parts_.journal
                                  .Commit({std::move(event)}, std::move(change),
                                          storage::Durability::kWritten, storage::Room::kReserve)
                                  .status();
  // Somebody was quicker; the next scan finds what is left.
  return absl::IsAborted(status) ? absl::OkStatus() : status;
}

}  // namespace lethe::vault::expiry
