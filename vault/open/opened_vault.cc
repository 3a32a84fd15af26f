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

OpenedVault::OpenedVault(const VaultId& id, std::unique_ptr<Journal> journal,
                         std::unique_ptr<keytree::KeyTree> tree,
                         std::unique_ptr<records::Tenants> tenants, const RunOptions& options,
                         Clock& clock, Random& random)
    : stores_(std::move(journal), std::move(tree), std::move(tenants), options, clock, random),
      erasures_(id, stores_),
      desk_(stores_),
      subjects_(desk_),
      records_(desk_),
      changes_(desk_, records_),
      imports_(desk_, subjects_, records_),
      erases_(desk_, erasures_, [this] { housekeeper_.Wake(); }),
      restrictions_(desk_),
      artifacts_(desk_, records_, erasures_.withholding),
      backups_(desk_, id),
      expiry_(stores_, erasures_.receipts),
      keys_(desk_),
      offboarding_(desk_, erasures_, erases_),
      hygiene_(*stores_.journal),
      expired_rows_({*stores_.journal, stores_.tenants, stores_.subjects, stores_.scopes,
                     stores_.periods, stores_.records, stores_.locks, stores_.erasing,
                     [this](const records::TenantHandle& tenant, const SubjectTag& subject) {
                       return erases_.EraseWhatEnded(tenant, subject);
                     }}),
      gone_tenants_(*stores_.journal),
      housekeeper_({stores_.doomed, hygiene_, expired_rows_, gone_tenants_, erases_, expiry_,
                    offboarding_, clock}),
      loader_({stores_.engine(), stores_.tenants, stores_.subjects, stores_.identifiers,
               stores_.locks, stores_.identifier_table,
               [this](const SubjectTag& subject) { return stores_.erasing.Contains(subject); }}) {
  if (!options.background) return;
  loader_.Start(LoaderThreads());
  housekeeper_.Start();
}

absl::Status OpenedVault::RecordGap(const Gap& gap) {
  audit::Event event{.method = audit::Method::kSystem};
  event.rule = "restore.gap";
  return stores_.tree->RecordGap(gap.position, gap.approvers, std::move(event));
}

void OpenedVault::RecordRefusal(const Caller& caller, std::string_view /*method*/,
                                const absl::Status& status) {
  // The name of an unknown method is the caller's text, so the log does not repeat it.
  calls::Call call = desk_.Open(caller, audit::Method::kRefusedCall);
  (void)desk_.Admit(call, false);
  (void)desk_.JournalRefusal(call, status);
}

VaultStatus OpenedVault::Status() const {
  const keytree::TreeStatus tree = stores_.tree->Status();
  VaultStatus status;
  status.identifiers_loaded = stores_.identifier_table.complete();
  status.sealed = stores_.journal->sealed() || tree.sealed;
  status.generation = tree.generation;
  status.journal_sequence = stores_.journal->sequence();
  status.category_unwraps = stores_.scopes.keys_given();
  status.assurance = tree.assurance;
  status.has_archive = stores_.journal->archive() != nullptr;
  status.public_key = AsText(stores_.tree->signing_key().public_key());
  return status;
}

}  // namespace lethe::vault
