#include "vault/erasure/offboard_receipts.h"

#include <optional>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::erasure {
namespace {

constexpr std::size_t kReceiptsPerScan = 1'000;

absl::Status NoSuchReceipt() { return Refuse(Reason::kResourceNotFound, "no such receipt"); }

}  // namespace

records::Tenant OffboardReceipts::StandInFor(const std::string& tenant_name) const {
  return {.name = tenant_name, .secret = OffboardReceiptKey(tree_.vault_secret(), tenant_name)};
}

absl::StatusOr<Erasure> OffboardReceipts::Find(const Caller& caller,
                                               const ReceiptTag& receipt) const {
  if (caller.tenant.empty() || caller.principal.tenant != caller.tenant) return NoSuchReceipt();
  auto found = receipts_.Find(StandInFor(caller.tenant), receipt);
  // Another tenant's does not open.
  if (absl::IsDataLoss(found.status())) return NoSuchReceipt();
  return found;
}

absl::StatusOr<Erasure> OffboardReceipts::Last(const Caller& caller) const {
  storage::Range range{.prefix = row_key::Tenant({}), .after = {}};
  std::optional<Erasure> last;
  while (true) {
    LETHE_ASSIGN(const auto rows, engine_.Scan(table::kReceipt, range, kReceiptsPerScan));
    for (const storage::Row& row : rows) {
      auto found = Find(caller, ReceiptTag::FromBytes(AsBytes(row.key).last(ReceiptTag::kBytes)));
      if (!found.ok()) continue;
      if (!last.has_value() || found->erase_time >= last->erase_time) last = *std::move(found);
    }
    if (rows.size() < kReceiptsPerScan) break;
    range.after = rows.back().key;
  }
  if (!last.has_value()) return NoSuchReceipt();
  return *std::move(last);
}

}  // namespace lethe::vault::erasure
