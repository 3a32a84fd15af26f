// Tenants::Load: from what is on disk and what is configured to the tenants that are served.
#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "base/text/label.h"
#include "storage/scan.h"
#include "vault/tenants/policy_store.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault::tenants {
namespace {

constexpr std::size_t kRowsPerScan = 1'000;

// A tenant as it stands on disk.
struct Stored {
  TenantTag tag;
  bool offboarding = false;
  Place leaf;
  Secret secret;
  TenantRow row;
};

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

// May a tenant go on under `next` after the version that `stored` names? A changed file has to keep
// the meaning of every category; this is the place where a start with a changed file is refused
// once changes are applied by a command.
absl::Status CheckMayFollow(const Stored& stored, const policy::Policy& next) {
  return CheckSameMeaning(stored.row, next);
}

// Brings one tenant into memory, collecting in one batch what it lacks on disk.
class Loader {
 public:
  Loader(Journal& journal, keytree::KeyTree& tree, Clock& clock, Random& random)
      : journal_(journal), tree_(tree), clock_(clock), random_(random) {}

  absl::StatusOr<Tenant> Load(const TenantConfig& config, const Stored* stored) {
    if (!IsLabel(config.name)) {
      return Refuse(Reason::kFieldInvalid, "a tenant's name is no label", "tenants", "label");
    }
    Tenant tenant;
    tenant.name = config.name;
    LETHE_ASSIGN(tenant.policy, policy::Policy::Parse(config.policy_yaml));
    storage::Batch change;
    if (stored != nullptr) {
      LETHE_TRY(CheckMayFollow(*stored, tenant.policy));
      tenant.tag = stored->tag;
      tenant.phase = stored->offboarding ? TenantPhase::kOffboarding : TenantPhase::kServed;
      tenant.leaf = stored->leaf;
      tenant.secret = stored->secret.Clone();
    } else {
      LETHE_TRY(Make(tenant, change));
    }
    LETHE_TRY(LoadPolicy(tenant, config, stored, change));
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
  // Finds the policy among the versions, or stores it as the next and names it in the tenant's row.
  absl::Status LoadPolicy(Tenant& tenant, const TenantConfig& config, const Stored* stored,
                          storage::Batch& change) {
    PolicyVersion newest;
    if (stored != nullptr) {
      const PolicyStore versions(journal_.engine());
      LETHE_ASSIGN(newest, versions.Newest(tenant.tag, tenant.secret, stored->row.policy_number));
    }
    const crypto::Digest digest = crypto::Sha256(AsBytes(config.policy_yaml));
    const bool known = newest.number > 0 && newest.digest == digest;
    tenant.policy.set_number(newest.number + (known ? 0 : 1));
    if (known) return absl::OkStatus();
    PolicyStore::Put(tenant.tag, tenant.secret,
                     {.number = tenant.policy.number(),
                      .document = config.policy_yaml,
                      .digest = digest,
                      .stored_time = clock_.Now()},
                     change);
    const TenantRow row = TenantRowFor(config.name, tenant.policy, digest);
    change.Put(table::kTenant, row_key::Tenant(tenant.tag),
               SealTenantRow(tenant.secret, tenant.tag, tenant.leaf, row));
    return absl::OkStatus();
  }

  absl::Status Make(Tenant& tenant, storage::Batch& change) {
    LETHE_ASSIGN(keytree::LeafDraft draft, tree_.Draft(change));
    tenant.tag = TenantTag::Draw(random_);
    tenant.leaf = draft.place;
    tenant.secret = draft.secret.Clone();
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
  Clock& clock_;
  Random& random_;
  std::vector<keytree::LeafDraft> drafts_;  // Until their batch is committed.
};

}  // namespace

absl::StatusOr<std::unique_ptr<Tenants>> Tenants::Load(std::span<const TenantConfig> configs,
                                                       Journal& journal, keytree::KeyTree& tree,
                                                       Clock& clock, Random& random) {
  LETHE_ASSIGN(const std::vector<Stored> stored, ReadStored(journal.engine(), tree));
  Loader loader(journal, tree, clock, random);
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

}  // namespace lethe::vault::tenants
