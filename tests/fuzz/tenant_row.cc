// A tenant's row.
//
//   input = U8 mode, row        bit 0: what stands where the sealed part should is its body, sealed
//                               here under the tenant's key
#include "vault/tenants/tenant_row.h"

#include "crypto/aead.h"
#include "tests/fuzz/fuzz_target.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/sealed_row.h"

namespace lethe::fuzz {
namespace {

using namespace vault;           // NOLINT(google-build-using-namespace)
using namespace vault::tenants;  // NOLINT(google-build-using-namespace): one format, one target.

constexpr std::size_t kClearBytes = 1 + Place::kBytes;

std::string SealAnything(const Secret& secret, const TenantTag& tenant, const std::string& row) {
  return SealRow(TenantRowKey(secret), vault::table::kTenant, vault::row_key::Tenant(tenant),
                 row.substr(0, kClearBytes), AsBytes(row).subspan(kClearBytes));
}

}  // namespace

LETHE_FUZZ_TARGET(tenant_row) {
  ByteReader in(input);
  const bool seal = (in.U8() & 1) != 0;
  std::string bytes(AsText(in.Raw(in.remaining())));
  const auto leaf = LeafOfTenantRow(AsBytes(bytes));
  if (!leaf.ok()) return Refused(leaf.status());

  const Secret secret = FixedSecret(41);
  const auto tenant = FixedTag<TenantTag>(1);
  if (seal) bytes = SealAnything(secret, tenant, bytes);
  LETHE_CHECK(!OpenTenantRow(secret, FixedTag<TenantTag>(2), AsBytes(bytes)).ok());
  const auto row = OpenTenantRow(secret, tenant, AsBytes(bytes));
  if (!row.ok()) return Refused(row.status());
  const std::string again = SealTenantRow(secret, tenant, *leaf, *row);
  LETHE_CHECK(again.size() == bytes.size());
  const auto read = OpenTenantRow(secret, tenant, AsBytes(again));
  LETHE_CHECK(read.ok() && *read == *row && *LeafOfTenantRow(AsBytes(again)) == *leaf);
  return true;
}

}  // namespace lethe::fuzz
