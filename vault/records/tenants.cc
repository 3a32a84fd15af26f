#include "vault/records/tenants.h"

#include <algorithm>
#include <optional>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/open.h"
#include "vault/request_rules.h"

namespace lethe::vault::records {
namespace {

// A tenant as it stands on disk.
struct Stored {
  TenantTag tag;
  Place leaf;
  Secret secret;
  TenantRow row;
};

absl::StatusOr<std::vector<Stored>> ReadStored(const storage::Engine& engine,
                                               const keytree::KeyTree& tree) {
  std::vector<Stored> all;
  storage::Range range;
  while (true) {
    LETHE_ASSIGN(const auto rows, engine.Scan(table::kTenant, range, 1'000));
    for (const storage::Row& row : rows) {
      Stored stored;
      stored.tag = TenantTag::FromBytes(AsBytes(row.key));
      LETHE_ASSIGN(stored.leaf, LeafOfTenantRow(AsBytes(row.value)));
      LETHE_ASSIGN(stored.secret, tree.Unwrap(stored.leaf));
      LETHE_ASSIGN(stored.row, OpenTenantRow(stored.secret, stored.tag, AsBytes(row.value)));
      all.push_back(std::move(stored));
    }
    if (rows.size() < 1'000) return all;
    range.after = rows.back().key;
  }
}

// Brings one tenant into memory, collecting in one batch what it lacks on disk.
class Loader {
 public:
  Loader(Journal& journal, keytree::KeyTree& tree, Random& random)
      : journal_(journal), tree_(tree), random_(random) {}

  absl::StatusOr<std::unique_ptr<Tenant>> Load(const TenantConfig& config, const Stored* stored) {
    if (!IsLabel(config.name)) {
      return Refuse(Reason::kFieldInvalid, "a tenant's name is no label", "tenants", "label");
    }
    auto tenant = std::make_unique<Tenant>();
    tenant->name = config.name;
    LETHE_ASSIGN(tenant->policy, policy::Policy::Parse(config.policy_yaml));
    const TenantRow row = TenantRowFor(config.name, tenant->policy, config.policy_yaml);
    storage::Batch change;
    if (stored != nullptr) {
      LETHE_TRY(CheckSameMeaning(stored->row, tenant->policy));
      tenant->tag = stored->tag;
      tenant->secret = stored->secret.Clone();
      if (stored->row != row) PutRow(*tenant, stored->leaf, row, change);
    } else {
      LETHE_TRY(Make(*tenant, row, change));
    }
    for (const policy::Category& category : tenant->policy.categories()) {
      LETHE_TRY(LoadScope(*tenant, category, change));
    }
    if (!change.empty()) {
      LETHE_TRY(journal_
                    .Commit({audit::Event{.method = audit::Method::kSystem, .tenant = tenant->tag}},
                            std::move(change), storage::Durability::kSynced)
                    .status());
    }
    drafts_.clear();
    return tenant;
  }

 private:
  static void PutRow(const Tenant& tenant, const Place& leaf, const TenantRow& row,
                     storage::Batch& change) {
    change.Put(table::kTenant, row_key::Tenant(tenant.tag),
               SealTenantRow(tenant.secret, tenant.tag, leaf, row));
  }

  absl::Status Make(Tenant& tenant, const TenantRow& row, storage::Batch& change) {
    LETHE_ASSIGN(keytree::LeafDraft draft, tree_.Draft(change));
    tenant.tag = TenantTag::Draw(random_);
    tenant.secret = draft.secret.Clone();
    PutRow(tenant, draft.place, row, change);
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

absl::StatusOr<Tenants> Tenants::Load(std::span<const TenantConfig> configs, Journal& journal,
                                      keytree::KeyTree& tree, Random& random) {
  LETHE_ASSIGN(const std::vector<Stored> stored, ReadStored(journal.engine(), tree));
  Loader loader(journal, tree, random);
  Tenants tenants;
  for (const TenantConfig& config : configs) {
    if (tenants.Find(config.name) != nullptr) {
      return Refuse(Reason::kFieldInvalid, "a tenant is configured twice", "tenants", "unique");
    }
    const auto found =
        std::ranges::find(stored, config.name, [](const Stored& entry) { return entry.row.name; });
    LETHE_ASSIGN(auto tenant, loader.Load(config, found == stored.end() ? nullptr : &*found));
    tenants.by_tag_[tenant->tag] = tenant.get();
    tenants.by_name_[config.name] = std::move(tenant);
  }
  return tenants;
}

const Tenant* Tenants::Find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second.get();
}

const Tenant* Tenants::Find(const TenantTag& tag) const {
  const auto found = by_tag_.find(tag);
  return found == by_tag_.end() ? nullptr : found->second;
}

std::vector<const Tenant*> Tenants::all() const {
  std::vector<const Tenant*> tenants;
  for (const auto& [tag, tenant] : by_tag_) tenants.push_back(tenant);
  return tenants;
}

}  // namespace lethe::vault::records
