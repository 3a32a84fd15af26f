// Every key outside the key tree and the secrets it hangs on: the one place that says whose
// destruction destroys what (docs/formats.md has the same table with labels and AADs).
//
//   row                     secrets its key is derived from
//   tenant, tenant x category, period, receipt,
//   policy                                           tenant
//   receipt of a tenant's offboarding                vault
//   request that makes a subject or erases one       tenant
//   subject header, scope, request                   tenant, subject
//   identifier                                       tenant, subject, identifier's own
//   act                                              tenant, subject, act's own
//   record                                           tenant x category, category, record's own,
//   period
//
// A Secret named `..._secret` is a leaf as drawn; one named `..._key` was derived here.
#ifndef LETHE_VAULT_ROWS_DERIVED_KEYS_H_
#define LETHE_VAULT_ROWS_DERIVED_KEYS_H_

#include <cstdint>
#include <string_view>

#include "base/ids.h"
#include "base/memory/secret.h"

namespace lethe::vault {

// What the rows of a tenant are sealed under, and MACed with.
Secret TenantRowKey(const Secret& tenant_secret);
Secret TenantScopeRowKey(const Secret& tenant_secret);
Secret PeriodRowKey(const Secret& tenant_secret);
Secret PeriodSelectorKey(const Secret& tenant_secret);
Secret TenantScopeSelectorKey(const Secret& tenant_secret);
Secret PolicyRowKey(const Secret& tenant_secret);
Secret ReceiptRowKey(const Secret& tenant_secret);
Secret TenantRequestKey(const Secret& tenant_secret);

// Of the receipt of a tenant's offboarding, which outlives the tenant's secret.
Secret OffboardReceiptKey(const Secret& vault_secret, std::string_view tenant_name);

// The parent of every key about a subject outside its records.
Secret SubjectKey(const Secret& subject_secret, const Secret& tenant_secret,
                  std::string_view tenant_name, const SubjectTag& subject);
Secret HeaderRowKey(const Secret& subject_key);
Secret ScopeRowKey(const Secret& subject_key);
Secret ScopeSelectorKey(const Secret& subject_key);
Secret SubjectRequestKey(const Secret& subject_key);
Secret IdentifierRowKey(const Secret& identifier_secret, const Secret& subject_key);
Secret ActRowKey(const Secret& act_secret, const Secret& subject_key);

// BLAKE2b-256(key = category secret; label, tenant x category secret, tenant, subject, category).
Secret CategoryKey(const Secret& category_secret, const Secret& tenant_scope_secret,
                   std::string_view tenant_name, const SubjectTag& subject,
                   std::uint32_t category_id);

struct DataKeyInputs {
  std::uint32_t flags = 0;
  const Secret& record_secret;
  const Secret* period_secret = nullptr;  // Null: 32 zero bytes stand for it.
  RecordTag record;
  std::uint32_t version = 1;
  std::uint32_t format = 1;
};
// BLAKE2b-256(key = category key; label, flags, record secret, period secret, record, version,
// format).
Secret DataKey(const Secret& category_key, const DataKeyInputs& inputs);

// What a request's body is MACed with, so that a replay with another body shows. It hangs on the
// category, because the body does: a guess at an erased body must not be checkable.
Secret RequestBodyKey(const Secret& category_key);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_ROWS_DERIVED_KEYS_H_
