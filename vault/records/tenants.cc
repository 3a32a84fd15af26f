#include "vault/records/tenants.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "base/text/label.h"
#include "storage/scan.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kRowsPerScan = 1'000;
constexpr std::string_view kMarkPrefix = "offboarding.";

// A tenant as it stands on disk.
struct Stored {
  TenantTag tag;
  bool offboarding = false;
  Place leaf;
  Secret secret;
  TenantRow row;
};

std::string MarkOf(const TenantTag& tenant) {
  return std::string(kMarkPrefix) + row_key::Tenant(tenant);
}

absl::StatusOr<bool> IsOffboarding(const storage::Engine& engine, const TenantTag& tenant) {
  const auto mark = engine.Get(table::kMeta, MarkOf(tenant));
  if (absl::IsNotFound(mark.status())) return false;
  LETHE_TRY(mark.status());
  return true;
}

absl::StatusOr<Stored> ReadStoredRow(const storage::Engine& engine, const keytree::KeyTree& tree,
                                     const storage::Row& row) {
  Stored stored;
  stored.tag = TenantTag::FromBytes(AsBytes(row.key));
  LETHE_ASSIGN(stored.leaf, LeafOfTenantRow(AsBytes(row.value)));
  LETHE_ASSIGN(stored.secret, tree.Unwrap(stored.leaf));
  LETHE_ASSIGN(stored.row, OpenTenantRow(stored.secret, stored.tag, AsBytes(row.value)));
  LETHE_ASSIGN(stored.offboarding, IsOffboarding(engine, stored.tag));
  return stored;
}

absl::StatusOr<std::vector<Stored>> ReadStored(const storage::Engine& engine,
                                               const keytree::KeyTree& tree) {
  std::vector<Stored> all;
  LETHE_TRY(storage::ForEachRow(engine, table::kTenant, {}, kRowsPerScan,
                                [&](const storage::Row& row) -> absl::Status {
                                  if (IsTenantTombstone(AsBytes(row.value))) {
                                    return absl::OkStatus();
                                  }
                                  LETHE_ASSIGN(Stored stored, ReadStoredRow(engine, tree, row));
                                  all.push_back(std::move(stored));
                                  return absl::OkStatus();
                                }));
  return all;
}

// Brings one tenant into memory, collecting in one batch what it lacks on disk.
class Loader {
 public:
  Loader(Journal& journal, keytree::KeyTree& tree, Random& random)
      : journal_(journal), tree_(tree), random_(random) {}

  absl::StatusOr<Tenant> Load(const TenantConfig& config, const Stored* stored) {
    if (!IsLabel(config.name)) {
      return Refuse(Reason::kFieldInvalid, "a tenant's name is no label", "tenants", "label");
    }
    Tenant tenant;
    tenant.name = config.name;
    LETHE_ASSIGN(tenant.policy, policy::Policy::Parse(config.policy_yaml));
    const TenantRow row = TenantRowFor(config.name, tenant.policy, config.policy_yaml);
    storage::Batch change;
    if (stored != nullptr) {
      LETHE_TRY(CheckSameMeaning(stored->row, tenant.policy));
      tenant.tag = stored->tag;
      tenant.phase = stored->offboarding ? TenantPhase::kOffboarding : TenantPhase::kServed;
      tenant.leaf = stored->leaf;
      tenant.secret = stored->secret.Clone();
      if (stored->row != row) PutRow(tenant, row, change);
    } else {
      LETHE_TRY(Make(tenant, row, change));
    }
    for (const policy::Category& category : tenant.policy.categories()) {
      LETHE_TRY(LoadScope(tenant, category, change));
    }
    if (!change.empty()) {
      LETHE_TRY(journal_
                    .Commit({audit::Event{.method = audit::Method::kSystem, .tenant = tenant.tag}},
                            std::move(change), storage::Durability::kSynced)
                    .status());
    }
    drafts_.clear();
    return tenant;
  }

 private:
  static void PutRow(const Tenant& tenant, const TenantRow& row, storage::Batch& change) {
    change.Put(table::kTenant, row_key::Tenant(tenant.tag),
               SealTenantRow(tenant.secret, tenant.tag, tenant.leaf, row));
  }

  absl::Status Make(Tenant& tenant, const TenantRow& row, storage::Batch& change) {
    LETHE_ASSIGN(keytree::LeafDraft draft, tree_.Draft(change));
    tenant.tag = TenantTag::Draw(random_);
    tenant.leaf = draft.place;
    tenant.secret = draft.secret.Clone();
    PutRow(tenant, row, change);
    drafts_.push_back(std::move(draft));
    return absl::OkStatus();
  }

  absl::Status LoadScope(Tenant& tenant, const policy::Category& category, storage::Batch& change) {
    const std::string key =
        row_key::TenantSelector(tenant.tag, TenantScopeSelector(tenant.secret, category.id));
    const auto row = journal_.engine().Get(table::kTenantScope, key);
    Tenant::Scope scope;
    if (row.ok()) {
      LETHE_ASSIGN(scope.leaf, OpenTenantScopeRow(tenant.secret, key, category.id, AsBytes(*row)));
      LETHE_ASSIGN(scope.secret, tree_.Unwrap(scope.leaf));
    } else if (absl::IsNotFound(row.status())) {
      // Shredded by the offboarding, for ever.
      if (tenant.phase == TenantPhase::kOffboarding) return absl::OkStatus();
      LETHE_ASSIGN(keytree::LeafDraft draft, tree_.Draft(change));
      scope.leaf = draft.place;
      scope.secret = draft.secret.Clone();
      change.Put(table::kTenantScope, key,
                 SealTenantScopeRow(tenant.secret, key, scope.leaf, category.id));
      drafts_.push_back(std::move(draft));
    } else {
      return row.status();
    }
    tenant.scopes.emplace(category.id, std::move(scope));
    return absl::OkStatus();
  }

  Journal& journal_;
  keytree::KeyTree& tree_;
  Random& random_;
  std::vector<keytree::LeafDraft> drafts_;  // Until their batch is committed.
};

}  // namespace

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

absl::StatusOr<std::unique_ptr<Tenants>> Tenants::Load(std::span<const TenantConfig> configs,
                                                       Journal& journal, keytree::KeyTree& tree,
                                                       Random& random) {
  LETHE_ASSIGN(const std::vector<Stored> stored, ReadStored(journal.engine(), tree));
  Loader loader(journal, tree, random);
  auto tenants = std::make_unique<Tenants>();
  for (const TenantConfig& config : configs) {
    if (tenants->Find(config.name) != nullptr) {
      return Refuse(Reason::kFieldInvalid, "a tenant is configured twice", "tenants", "unique");
    }
    const auto found =
        std::ranges::find(stored, config.name, [](const Stored& entry) { return entry.row.name; });
    LETHE_ASSIGN(Tenant tenant, loader.Load(config, found == stored.end() ? nullptr : &*found));
    tenants->PutBack(std::move(tenant));
  }
  return tenants;
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
