#include "vault/tenants/policy_store.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::tenants {
namespace {

constexpr std::uint8_t kFormat = 1;

absl::StatusOr<PolicyVersion> OpenVersion(const Secret& tenant_secret, const std::string& key,
                                          Bytes row) {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  LETHE_ASSIGN(const Plaintext body,
               OpenRow(PolicyRowKey(tenant_secret), table::kPolicy, key, PartsOf(row, in)));
  ByteReader sealed(body.bytes());
  PolicyVersion version;
  version.stored_time = ReadTime(sealed).value_or(absl::UnixEpoch());
  std::ranges::copy(sealed.Raw(version.digest.size()), version.digest.begin());
  version.document = sealed.Long();
  LETHE_TRY(sealed.Finish());
  return version;
}

}  // namespace

absl::StatusOr<PolicyVersion> PolicyStore::Newest(const TenantTag& tenant,
                                                  const Secret& tenant_secret,
                                                  std::uint32_t number) const {
  const std::string key = row_key::Policy(tenant, number);
  const auto row = engine_.Get(table::kPolicy, key);
  if (absl::IsNotFound(row.status())) {
    return Refuse(Reason::kDecryptFailed, "the newest version of a policy is missing");
  }
  LETHE_TRY(row.status());
  LETHE_ASSIGN(const auto later,
               engine_.Scan(table::kPolicy, {.prefix = row_key::Tenant(tenant), .after = key}, 1));
  if (!later.empty()) {
    return Refuse(Reason::kDecryptFailed, "a policy has a version that its tenant does not know");
  }
  LETHE_ASSIGN(PolicyVersion version, OpenVersion(tenant_secret, key, AsBytes(*row)));
  version.number = number;
  return version;
}

void PolicyStore::Put(const TenantTag& tenant, const Secret& tenant_secret,
                      const PolicyVersion& version, storage::Batch& change) {
  const std::string key = row_key::Policy(tenant, version.number);
  ByteWriter body;
  AppendTime(body, version.stored_time);
  body.Raw(version.digest).Long(version.document);
  change.ExpectAbsent(table::kPolicy, key);
  change.Put(table::kPolicy, key,
             SealRow(PolicyRowKey(tenant_secret), table::kPolicy, key,
                     ByteWriter().U8(kFormat).Take(), AsBytes(body.str())));
}

}  // namespace lethe::vault::tenants
