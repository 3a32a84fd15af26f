#include "tests/system/running_vault.h"

#include <utility>

#include "base/status_macros.h"
#include "tests/support/canary.h"
#include "tests/system/needles.h"

namespace lethe::test {

RunningVault::RunningVault(VaultFolder folder)
    : folder_(std::move(folder)), transcript_(folder_.logs() + "/refusals.txt"), server_(folder_) {}

absl::StatusOr<std::unique_ptr<RunningVault>> RunningVault::Make() {
  LETHE_ASSIGN(auto folder, VaultFolder::Make());
  return std::unique_ptr<RunningVault>(new RunningVault(std::move(folder)));
}

absl::StatusOr<std::unique_ptr<RunningVault>> RunningVault::MakeIn(const std::string& parent) {
  LETHE_ASSIGN(auto folder, VaultFolder::MakeIn(parent));
  return std::unique_ptr<RunningVault>(new RunningVault(std::move(folder)));
}

absl::Status RunningVault::Up(const ServerOptions& options) {
  LETHE_TRY(server_.Launch(options));
  return Greet();
}

absl::Status RunningVault::Greet() {
  LETHE_TRY(server_.WaitUntilUp());
  client_ = std::make_unique<Client>(server_.address(), folder_.CredentialsOf(kTenant), kTenant,
                                     transcript_);
  LETHE_TRY(client_->WaitUntilServing(ServerProcess::kStartLimit));
  return client_->WaitUntilIdentifiersLoaded(ServerProcess::kStartLimit);
}

void RunningVault::EndAndSearch(Totals& totals) {
  const absl::Status killed = server_.Kill();
  if (!killed.ok()) totals.faults.push_back("CRASHED " + std::string(killed.message()));
  const SearchResult found = SearchFolder(folder_.root(), Disguises(kCanary));
  totals.recoverable += static_cast<std::int64_t>(found.finds.size());
  for (const Find& find : found.finds) totals.faults.push_back("PLAINTEXT in " + find.file);
}

}  // namespace lethe::test
