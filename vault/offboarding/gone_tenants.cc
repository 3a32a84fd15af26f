#include "vault/offboarding/gone_tenants.h"

#include <string>
#include <utility>

#include "base/status_macros.h"
#include "vault/audit/event.h"
#include "vault/records/envelope.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::offboarding {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kOrderPrefix = "gone.";
// Everything whose key begins with the tenant, but its tombstone.
constexpr storage::TableId kTables[] = {
    table::kTenantScope, table::kPeriod, table::kSubject, table::kScope,   table::kIdentifier,
    table::kRecord,      table::kAct,    table::kHold,    table::kRequest, table::kReceipt};

// A record's leaf guards nothing any more.
void DeleteLeaf(const storage::Row& row, storage::Batch& change) {
  const auto record = records::ReadRecordRow(AsBytes(row.value));
  if (record.ok()) change.Delete(table::kLeaf, record->header.leaf.Key());
}

absl::StatusOr<storage::Batch> NextRows(const storage::Engine& engine, const std::string& tenant) {
  storage::Batch change;
  for (const storage::TableId id : kTables) {
    LETHE_ASSIGN(const auto rows,
                 engine.Scan(id, {.prefix = tenant, .after = {}}, GoneTenants::kRowsPerStep));
    for (const storage::Row& row : rows) {
      change.Delete(id, row.key);
      if (id == table::kRecord) DeleteLeaf(row, change);
    }
    if (!rows.empty()) break;
  }
  return change;
}

}  // namespace

void GoneTenants::RequestClearing(const TenantTag& tenant, storage::Batch& change) {
  change.Put(table::kMeta, std::string(kOrderPrefix) + row_key::Tenant(tenant),
             std::string(1, static_cast<char>(kFormat)));
}

absl::StatusOr<bool> GoneTenants::Step() {
  LETHE_ASSIGN(
      const auto orders,
      journal_.engine().Scan(table::kMeta, {.prefix = std::string(kOrderPrefix), .after = {}}, 1));
  if (orders.empty()) return false;
  const std::string tenant = orders.front().key.substr(kOrderPrefix.size());
  LETHE_ASSIGN(storage::Batch change, NextRows(journal_.engine(), tenant));
  if (change.empty()) change.Delete(table::kMeta, orders.front().key);
  audit::Event event{.method = audit::Method::kSystem};
  event.count = static_cast<std::uint32_t>(change.operations().size());
  // Lost at a power cut, it is done again.
  LETHE_TRY(journal_
                .Commit({std::move(event)}, std::move(change), storage::Durability::kWritten,
                        storage::Room::kReserve)
                .status());
  return true;
}

}  // namespace lethe::vault::offboarding
