#include "vault/tenants/tenants.h"

#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::tenants {
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

Tenant Tenant::Under(policy::Policy other) const {
  Tenant copy = In(phase);
  copy.policy = std::move(other);
  return copy;
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

class Tenants::Census {
 public:
  void Enter() {
    absl::MutexLock lock(&mutex_);
    ++held_;
  }
  void Leave() {
    absl::MutexLock lock(&mutex_);
    --held_;
  }
  bool WaitUntilNoneIsHeld(absl::Duration patience) {
    const auto none = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return held_ == 0; };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&none), patience);
  }

 private:
  absl::Mutex mutex_;
  int held_ ABSL_GUARDED_BY(mutex_) = 0;
};

TenantHandle Tenants::HandleOn(Tenant tenant, const std::shared_ptr<Census>& census) {
  census->Enter();
  return TenantHandle(new Tenant(std::move(tenant)), [census](const Tenant* last) {
    delete last;  // Wipes its secrets.
    census->Leave();
  });
}

absl::Status Tenants::Replace(const TenantHandle& served, Tenant next) {
  TenantHandle last;  // Dies behind the lock.
  absl::MutexLock lock(&mutex_);
  const auto found = by_name_.find(served->name);
  const bool is_served = found != by_name_.end() && found->second.tenant == served &&
                         served->phase != TenantPhase::kWithdrawn;
  if (!is_served) {
    return Refuse(Reason::kConcurrentChange, "the tenant was replaced or withdrawn", "tenant");
  }
  last = std::exchange(found->second.tenant, HandleOn(std::move(next), found->second.census));
  return absl::OkStatus();
}

absl::StatusOr<Tenant> Tenants::Withdraw(TenantHandle handle, absl::Duration patience) {
  Tenant taken = handle->In(handle->phase);
  // What stands there meanwhile opens nothing, so nobody waits for it.
  auto empty = std::make_shared<const Tenant>(
      Tenant{.tag = taken.tag, .name = taken.name, .phase = TenantPhase::kWithdrawn});
  std::shared_ptr<Census> census;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = by_name_.find(taken.name);
    if (found == by_name_.end() || found->second.tenant != handle) {
      return Refuse(Reason::kConcurrentChange, "the tenant is being offboarded already", "tenant");
    }
    census = found->second.census;
    found->second.tenant = std::move(empty);
  }
  handle.reset();
  if (census->WaitUntilNoneIsHeld(patience)) return taken;
  PutBack(std::move(taken));
  return Refuse(Reason::kConcurrentChange, "calls of the tenant are under way", "tenant");
}

void Tenants::PutBack(Tenant tenant) {
  absl::MutexLock lock(&mutex_);
  Entry& entry = by_name_[tenant.name];
  if (entry.census == nullptr) entry.census = std::make_shared<Census>();
  entry.tenant = HandleOn(std::move(tenant), entry.census);
}

void Tenants::Remove(const Tenant& tenant) {
  absl::MutexLock lock(&mutex_);
  by_name_.erase(tenant.name);
}

}  // namespace lethe::vault::tenants
