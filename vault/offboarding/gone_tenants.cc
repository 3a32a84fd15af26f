#include "vault/offboarding/gone_tenants.h"

#include <string>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/scan.h"
#include "vault/audit/event.h"
#include "vault/records/envelope.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::offboarding {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kOrderPrefix = "gone.";
// Everything whose key begins with the tenant, but its tombstone.
constexpr storage::TableId kTables[] = {table::kTenantScope, table::kPeriod,     table::kSubject,
                                        table::kScope,       table::kIdentifier, table::kRecord,
                                        table::kAct,         table::kHold,       table::kRequest,
                                        table::kReceipt,     table::kPolicy};

// An order without a tenant's tag would be one to delete everything.
absl::Status CheckOrder(const storage::Row& order) {
  if (order.key.size() != kOrderPrefix.size() + TenantTag::kBytes) {
    return Refuse(Reason::kDecryptFailed, "an order to clear up names no tenant");
  }
  ByteReader in(order.value);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  return in.Finish();
}

// A record's leaf guards nothing any more. That of a damaged row stays behind, and harms nothing.
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

chores::Chore GoneTenants::ClearChore() {
  return {.name = "gone-tenants",
          .period = absl::ZeroDuration(),
          .step = [this](chores::Round& round) { return Step(round); }};
}

// The first order that is whole; it goes with the last of the rows.
absl::StatusOr<bool> GoneTenants::Step(chores::Round& round) {
  storage::Range orders{.prefix = std::string(kOrderPrefix), .after = {}};
  std::string order;
  while (order.empty()) {
    LETHE_ASSIGN(const auto page, storage::NextPage(journal_.engine(), table::kMeta, orders, 1));
    if (page.rows.empty()) return false;
    const storage::Row& row = page.rows.front();
    const absl::Status whole = CheckOrder(row);
    if (whole.ok()) {
      order = row.key;
    } else {
      round.StepOver({table::kMeta, row.key}, whole);
    }
  }
  LETHE_ASSIGN(storage::Batch change,
               NextRows(journal_.engine(), order.substr(kOrderPrefix.size())));
  if (change.empty()) change.Delete(table::kMeta, order);
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
