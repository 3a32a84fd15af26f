#include "vault/records/tenants.h"

#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kMarkPrefix = "offboarding.";

std::string MarkOf(const TenantTag& tenant) {
  return std::string(kMarkPrefix) + row_key::Tenant(tenant);
}

}  // namespace

absl::StatusOr<bool> IsOffboarding(const storage::Engine& engine, const TenantTag& tenant) {
  const auto mark = engine.Get(table::kMeta, MarkOf(tenant));
  if (absl::IsNotFound(mark.status())) return false;
  LETHE_TRY(mark.status());
  return true;
}

Tenant Tenant::In(TenantPhase other) const {
  Tenant copy{.tag = tag,
              .name = name,
              .phase = other,
              .policy = policy,
              .leaf = leaf,
              .secret = secret.Clone()};
  for (const auto& [id, scope] : scopes) {
    copy.scopes.emplace(id, Scope{scope.leaf, scope.secret.Clone()});
  }
  return copy;
}

void PutOffboardingMark(const TenantTag& tenant, storage::Batch& change) {
  change.Put(table::kMeta, MarkOf(tenant), std::string(1, static_cast<char>(kFormat)));
}

void DropOffboardingMark(const TenantTag& tenant, storage::Batch& change) {
  change.Delete(table::kMeta, MarkOf(tenant));
}

TenantHandle Tenants::Find(const std::string& name) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second.tenant;
}

TenantHandle Tenants::Find(const TenantTag& tag) const {
  for (TenantHandle& tenant : all()) {
    if (tenant->tag == tag) return std::move(tenant);
  }
  return nullptr;
}

std::vector<TenantHandle> Tenants::all() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<TenantHandle> tenants;
  for (const auto& [name, entry] : by_name_) {
    if (entry.tenant->phase != TenantPhase::kWithdrawn) tenants.push_back(entry.tenant);
  }
  return tenants;
}

Tenants::Entry Tenants::EntryOf(Tenant tenant) {
  auto gone = std::make_shared<absl::Notification>();
  TenantHandle handle(new Tenant(std::move(tenant)), [gone](const Tenant* last) {
    delete last;  // Wipes its secrets.
    gone->Notify();
  });
  return Entry{std::move(handle), std::move(gone)};
}

absl::StatusOr<Tenant> Tenants::Withdraw(TenantHandle handle, absl::Duration patience) {
  Tenant taken = handle->In(handle->phase);
  std::shared_ptr<absl::Notification> gone;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = by_name_.find(taken.name);
    if (found == by_name_.end() || found->second.tenant != handle) {
      return Refuse(Reason::kConcurrentChange, "the tenant is being offboarded already", "tenant");
    }
    gone = found->second.gone;
    // What stands there meanwhile opens nothing.
    Tenant empty{.tag = taken.tag, .name = taken.name, .phase = TenantPhase::kWithdrawn};
    found->second = EntryOf(std::move(empty));
  }
  handle.reset();
  if (gone->WaitForNotificationWithTimeout(patience)) return taken;
  PutBack(std::move(taken));
  return Refuse(Reason::kConcurrentChange, "calls of the tenant are under way", "tenant");
}

void Tenants::PutBack(Tenant tenant) {
  std::string name = tenant.name;
  Entry entry = EntryOf(std::move(tenant));
  absl::MutexLock lock(&mutex_);
  by_name_[std::move(name)] = std::move(entry);
}

void Tenants::Remove(const Tenant& tenant) {
  absl::MutexLock lock(&mutex_);
  by_name_.erase(tenant.name);
}

}  // namespace lethe::vault::records
