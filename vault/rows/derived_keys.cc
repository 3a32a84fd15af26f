#include "vault/rows/derived_keys.h"

#include <array>

#include "crypto/kdf.h"

namespace lethe::vault {
namespace {

Secret Child(const Secret& parent, crypto::Label label) {
  return crypto::Derivation(parent, label).Finish();
}

constexpr std::array<std::uint8_t, Secret::kBytes> kNoPeriod{};

}  // namespace

Secret TenantRowKey(const Secret& tenant) { return Child(tenant, "lethe.tenantrow1"); }
Secret TenantScopeRowKey(const Secret& tenant) { return Child(tenant, "lethe.tscope.v1 "); }
Secret TenantScopeSelectorKey(const Secret& tenant) { return Child(tenant, "lethe.tscosel.v1"); }
Secret PeriodRowKey(const Secret& tenant) { return Child(tenant, "lethe.period.v1 "); }
Secret PeriodSelectorKey(const Secret& tenant) { return Child(tenant, "lethe.persel.v1 "); }
Secret PolicyRowKey(const Secret& tenant) { return Child(tenant, "lethe.policy.v1 "); }
Secret ReceiptRowKey(const Secret& tenant) { return Child(tenant, "lethe.receipt.v1"); }
Secret TenantRequestKey(const Secret& tenant) { return Child(tenant, "lethe.tenreq.v1 "); }

Secret OffboardReceiptKey(const Secret& vault_secret, std::string_view tenant_name) {
  return crypto::Derivation(vault_secret, "lethe.offboard.1").Sized(tenant_name).Finish();
}

Secret SubjectKey(const Secret& subject_secret, const Secret& tenant_secret,
                  std::string_view tenant_name, const SubjectTag& subject) {
  return crypto::Derivation(subject_secret, "lethe.subject.v1")
      .Fixed(tenant_secret)
      .Sized(tenant_name)
      .Fixed(subject.bytes())
      .Finish();
}

Secret HeaderRowKey(const Secret& subject) { return Child(subject, "lethe.header.v1 "); }
Secret ScopeRowKey(const Secret& subject) { return Child(subject, "lethe.scope.v1  "); }
Secret ScopeSelectorKey(const Secret& subject) { return Child(subject, "lethe.scopsel.v1"); }
Secret SubjectRequestKey(const Secret& subject) { return Child(subject, "lethe.request.v1"); }

Secret IdentifierRowKey(const Secret& identifier_secret, const Secret& subject_key) {
  return crypto::Derivation(identifier_secret, "lethe.identky.v1").Fixed(subject_key).Finish();
}

Secret ActRowKey(const Secret& act_secret, const Secret& subject_key) {
  return crypto::Derivation(act_secret, "lethe.actkey.v1 ").Fixed(subject_key).Finish();
}

Secret CategoryKey(const Secret& category_secret, const Secret& tenant_scope_secret,
                   std::string_view tenant_name, const SubjectTag& subject,
                   std::uint32_t category_id) {
  return crypto::Derivation(category_secret, "lethe.catkey.v1 ")
      .Fixed(tenant_scope_secret)
      .Sized(tenant_name)
      .Fixed(subject.bytes())
      .U32(category_id)
      .Finish();
}

Secret DataKey(const Secret& category_key, const DataKeyInputs& inputs) {
  crypto::Derivation derivation(category_key, "lethe.datakey.v1");
  derivation.U32(inputs.flags).Fixed(inputs.record_secret);
  if (inputs.period_secret != nullptr) {
    derivation.Fixed(*inputs.period_secret);
  } else {
    derivation.Fixed(Bytes(kNoPeriod));
  }
  return derivation.Fixed(inputs.record.bytes()).U32(inputs.version).U32(inputs.format).Finish();
}

Secret RequestBodyKey(const Secret& category_key) {
  return Child(category_key, "lethe.reqbody.v1");
}

}  // namespace lethe::vault
