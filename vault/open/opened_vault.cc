#include "vault/open/opened_vault.h"

#include <algorithm>
#include <thread>

namespace lethe::vault {
namespace {

// The scan is bound by unwrapping keys; more threads than this only compete with calls.
int LoaderThreads() {
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 4U));
}

}  // namespace

OpenedVault::OpenedVault(const VaultId& id, OperationsOptions operations,
                         std::unique_ptr<Journal> journal, std::unique_ptr<keytree::KeyTree> tree,
                         std::unique_ptr<tenants::Tenants> tenants, const RunOptions& options,
                         Clock& clock, Random& random)
    : stores_(std::move(journal), std::move(tree), std::move(tenants), options, clock, random),
      erasures_(id, stores_),
      desk_(stores_),
      data_(desk_),
      rights_(desk_, erasures_, data_, [this] { housekeeper_.Wake(); }),
      operations_(desk_, id, std::move(operations), [this] { return housekeeper_.Status(); }),
      audit_(desk_),
      expiry_(stores_, erasures_.receipts),
      hygiene_(*stores_.journal),
      expired_rows_(stores_,
                    [this](const tenants::TenantHandle& tenant, const SubjectTag& subject) {
                      return rights_.EraseWhatEnded(tenant, subject);
                    }),
      gone_tenants_(*stores_.journal),
      housekeeper_(Chores(), stores_.engine(), clock),
      loader_({stores_.engine(), stores_.tenants, stores_.subjects, stores_.identifiers,
               stores_.locks, stores_.identifier_table,
               [this](const SubjectTag& subject) { return stores_.erasing.Contains(subject); }}) {
  if (!options.background) return;
  loader_.Start(LoaderThreads());
  housekeeper_.Start();
}

std::vector<chores::Chore> OpenedVault::Chores() {
  return {rights_.UnresolvedChore(), stores_.doomed.ShredChore(), expiry_.SweepChore(),
          hygiene_.ClearChore(),     expired_rows_.ClearChore(),  rights_.ScheduledChore(),
          rights_.WalkChore(),       gone_tenants_.ClearChore(),  hygiene_.RequestsChore()};
}

absl::Status OpenedVault::RecordGap(const Gap& gap) {
  audit::Event event{.method = audit::Method::kSystem};
  event.rule = "restore.gap";
  return stores_.tree->RecordGap(shredlog::EntryKind::kGap, gap.position, gap.approvers,
                                 std::move(event));
}

absl::Status OpenedVault::RecordArchiveRebuilt(const Gap& gap) {
  audit::Event event{.method = audit::Method::kSystem};
  event.rule = "archive.rebuild";
  return stores_.tree->RecordGap(shredlog::EntryKind::kArchiveRebuilt, gap.position, gap.approvers,
                                 std::move(event));
}

}  // namespace lethe::vault
