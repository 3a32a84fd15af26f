#include "vault/records/scope_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/policy/policy.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;
// Agreements and consents carry clocks of their own; until they exist there is one scope a
// category.
constexpr std::array<std::uint8_t, 16> kNoClock{};

Selector SelectorOf(const OpenSubject& subject, std::uint32_t category_id) {
  const auto mac = crypto::Mac16(ScopeSelectorKey(subject.key), "lethe.scopsel.v1",
                                 ByteWriter().U32(category_id).Raw(kNoClock).Take());
  Selector selector{};
  std::copy_n(mac.begin(), selector.size(), selector.begin());
  return selector;
}

std::string KeyOfRow(const OpenSubject& subject, const Selector& selector) {
  return row_key::Scope(subject.tenant->tag, subject.tag, selector);
}

// Load refuses a policy that lacks a category ever used; a tenant's offboarding shreds them.
absl::StatusOr<const tenants::Tenant::Scope*> TenantScopeOf(const OpenSubject& subject,
                                                            std::uint32_t category_id) {
  const auto found = subject.tenant->scopes.find(category_id);
  if (found == subject.tenant->scopes.end()) {
    return Refuse(Reason::kResourceNotFound, "no such record");
  }
  return &found->second;
}

}  // namespace

void CountIn(Scope& scope, std::optional<absl::Time> end) {
  ++scope.records;
  if (!end.has_value()) {
    ++scope.without_end;
    return;
  }
  scope.first_end = std::min(scope.first_end.value_or(*end), *end);
  scope.last_end = std::max(scope.last_end.value_or(*end), *end);
}

void CountOut(Scope& scope, std::optional<absl::Time> end) {
  if (scope.records > 0) --scope.records;
  if (!end.has_value() && scope.without_end > 0) --scope.without_end;
  if (scope.records == 0) scope.first_end = scope.last_end = std::nullopt;
}

absl::StatusOr<std::optional<Scope>> ScopeStore::Find(const OpenSubject& subject,
                                                      std::uint32_t category_id) const {
  return Find(subject, SelectorOf(subject, category_id));
}

absl::StatusOr<std::optional<Scope>> ScopeStore::Find(const OpenSubject& subject,
                                                      const Selector& selector) const {
  const auto row = engine_.Get(table::kScope, KeyOfRow(subject, selector));
  if (absl::IsNotFound(row.status())) return std::optional<Scope>();
  LETHE_TRY(row.status());
  LETHE_ASSIGN(Scope scope, Open(subject, selector, AsBytes(*row)));
  return std::optional<Scope>(std::move(scope));
}

absl::StatusOr<std::vector<Scope>> ScopeStore::All(const OpenSubject& subject) const {
  const std::string prefix = row_key::Subject(subject.tenant->tag, subject.tag);
  LETHE_ASSIGN(const auto rows, engine_.Scan(table::kScope, {.prefix = prefix, .after = {}},
                                             policy::Policy::kCategoriesMax));
  std::vector<Scope> scopes;
  for (const storage::Row& row : rows) {
    ByteReader in(std::string_view(row.key).substr(prefix.size()));
    const Selector selector = ReadSelector(in);
    LETHE_TRY(in.Finish());
    LETHE_ASSIGN(Scope scope, Open(subject, selector, AsBytes(row.value)));
    scopes.push_back(std::move(scope));
  }
  return scopes;
}

absl::StatusOr<Scope> ScopeStore::Open(const OpenSubject& subject, const Selector& selector,
                                       Bytes row) const {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  Scope scope;
  scope.selector = selector;
  scope.leaf = Place::Read(in);
  LETHE_ASSIGN(const Plaintext body, OpenRow(ScopeRowKey(subject.key), table::kScope,
                                             KeyOfRow(subject, selector), PartsOf(row, in)));
  ByteReader sealed(body.bytes());
  scope.category_id = sealed.U32();
  sealed.Raw(kNoClock.size());
  scope.records = sealed.U64();
  scope.without_end = sealed.U64();
  scope.first_end = ReadTime(sealed);
  scope.last_end = ReadTime(sealed);
  LETHE_TRY(sealed.Finish());
  return scope;
}

absl::StatusOr<Scope> ScopeStore::Draft(OpenSubject& subject, std::uint32_t category_id,
                                        Change& change, Secret& category_key) const {
  Scope scope;
  scope.selector = SelectorOf(subject, category_id);
  scope.category_id = category_id;
  LETHE_ASSIGN(const tenants::Tenant::Scope* tenant_scope, TenantScopeOf(subject, category_id));
  LETHE_ASSIGN(keytree::LeafDraft draft, tree_.DraftPersonal(subject.header.spot, change.batch));
  scope.leaf = draft.place;
  category_key = CategoryKey(draft.secret, tenant_scope->secret, subject.tenant->name, subject.tag,
                             category_id);
  change.batch.ExpectAbsent(table::kScope, KeyOfRow(subject, scope.selector));
  change.drafts.push_back(std::move(draft));
  return scope;
}

void ScopeStore::Put(const OpenSubject& subject, const Scope& scope, storage::Batch& change) const {
  const std::string key = KeyOfRow(subject, scope.selector);
  ByteWriter body;
  body.U32(scope.category_id).Raw(kNoClock).U64(scope.records).U64(scope.without_end);
  AppendTime(body, scope.first_end);
  AppendTime(body, scope.last_end);
  ByteWriter clear;
  clear.U8(kFormat);
  scope.leaf.AppendTo(clear);
  change.Put(
      table::kScope, key,
      SealRow(ScopeRowKey(subject.key), table::kScope, key, clear.Take(), AsBytes(body.str())));
}

absl::StatusOr<Secret> ScopeStore::KeyOf(const OpenSubject& subject, const Scope& scope) {
  keys_given_.fetch_add(1, std::memory_order_relaxed);
  if (Secret cached = cache_.Find(scope.leaf); !cached.empty()) return cached;
  LETHE_ASSIGN(const tenants::Tenant::Scope* tenant_scope,
               TenantScopeOf(subject, scope.category_id));
  const absl::StatusOr<Secret> secret = tree_.Unwrap(scope.leaf);
  if (absl::IsNotFound(secret.status())) {
    return Refuse(Reason::kLeafLost, "a category's secret is missing");
  }
  LETHE_TRY(secret.status());
  Secret key = CategoryKey(*secret, tenant_scope->secret, subject.tenant->name, subject.tag,
                           scope.category_id);
  cache_.Remember(scope.leaf, key, tenant_scope->leaf);
  return key;
}

}  // namespace lethe::vault::records
