#include "vault/erasure/offboard_receipts.h"

#include <optional>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/scan.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::erasure {
namespace {

constexpr std::size_t kReceiptsPerScan = 1'000;

absl::Status NoSuchReceipt() { return Refuse(Reason::kResourceNotFound, "no such receipt"); }

}  // namespace

tenants::Tenant OffboardReceipts::StandInFor(const std::string& tenant_name) const {
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
  const storage::Range range{.prefix = row_key::Tenant({}), .after = {}};
  std::optional<Erasure> last;
  LETHE_TRY(storage::ForEachRow(
      engine_, table::kReceipt, range, kReceiptsPerScan, [&](const storage::Row& row) {
        auto found = Find(caller, ReceiptTag::FromBytes(AsBytes(row.key).last(ReceiptTag::kBytes)));
        const bool later =
            found.ok() && (!last.has_value() || found->erase_time >= last->erase_time);
        if (later) last = *std::move(found);
        return absl::OkStatus();
      }));
  if (!last.has_value()) return NoSuchReceipt();
  return *std::move(last);
}

}  // namespace lethe::vault::erasure
