#include "vault/tenants/tenant_row.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::tenants {
namespace {

constexpr std::uint8_t kFormat = 3;
constexpr std::uint8_t kTombstoneFormat = 2;
constexpr std::uint8_t kScopeFormat = 1;

std::string EncodeBody(const TenantRow& row) {
  ByteWriter out;
  out.Short(row.name).Short(row.policy_name).U32(row.policy_number).Raw(row.policy_digest);
  out.U16(static_cast<std::uint16_t>(row.categories.size()));
  for (const auto& [id, name] : row.categories) out.U32(id).Short(name);
  return out.Take();
}

absl::StatusOr<TenantRow> DecodeBody(Bytes body) {
  ByteReader in(body);
  TenantRow row;
  row.name = in.Short();
  row.policy_name = in.Short();
  row.policy_number = in.U32();
  std::ranges::copy(in.Raw(row.policy_digest.size()), row.policy_digest.begin());
  for (std::uint16_t left = in.U16(); left > 0 && in.ok(); --left) {
    const std::uint32_t id = in.U32();
    row.categories.emplace_back(id, in.Short());
  }
  LETHE_TRY(in.Finish());
  return row;
}

struct Opened {
  Place leaf;
  RowParts parts;
};

absl::StatusOr<Opened> ReadClear(Bytes row, std::uint8_t format) {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), format));
  const Place leaf = Place::Read(in);
  if (!in.ok()) return in.Finish();
  return Opened{leaf, PartsOf(row, in)};
}

std::string SealWithLeaf(const Secret& key, storage::TableId table, const std::string& row_key,
                         std::uint8_t format, const Place& leaf, const std::string& body) {
  ByteWriter clear;
  clear.U8(format);
  leaf.AppendTo(clear);
  return SealRow(key, table, row_key, clear.Take(), AsBytes(body));
}

}  // namespace

TenantRow TenantRowFor(const std::string& name, const policy::Policy& policy,
                       const crypto::Digest& policy_digest) {
  TenantRow row{name, policy.name(), policy.number(), policy_digest, {}};
  for (const policy::Category& category : policy.categories()) {
    row.categories.emplace_back(category.id, category.name);
  }
  std::ranges::sort(row.categories);
  return row;
}

absl::Status CheckSameMeaning(const TenantRow& row, const policy::Policy& policy) {
  for (const auto& [id, name] : row.categories) {
    const policy::Category* by_id = policy.FindById(id);
    if (by_id == nullptr || by_id->name != name) {
      return Refuse(
          Reason::kFieldInvalid,
          "the policy drops or redefines a category that data may be sealed under: category " +
              name,
          "policy", "category_id");
    }
  }
  return absl::OkStatus();
}

std::string SealTenantRow(const Secret& tenant_secret, const TenantTag& tenant, const Place& leaf,
                          const TenantRow& row) {
  return SealWithLeaf(TenantRowKey(tenant_secret), table::kTenant, row_key::Tenant(tenant), kFormat,
                      leaf, EncodeBody(row));
}

std::string EncodeTenantTombstone() { return ByteWriter().U8(kTombstoneFormat).Take(); }

bool IsTenantTombstone(Bytes row) { return !row.empty() && row.front() == kTombstoneFormat; }

absl::StatusOr<Place> LeafOfTenantRow(Bytes row) {
  LETHE_ASSIGN(const Opened opened, ReadClear(row, kFormat));
  return opened.leaf;
}

absl::StatusOr<TenantRow> OpenTenantRow(const Secret& tenant_secret, const TenantTag& tenant,
                                        Bytes row) {
  LETHE_ASSIGN(const Opened opened, ReadClear(row, kFormat));
  LETHE_ASSIGN(const Plaintext body, OpenRow(TenantRowKey(tenant_secret), table::kTenant,
                                             row_key::Tenant(tenant), opened.parts));
  return DecodeBody(body.bytes());
}

Selector TenantScopeSelector(const Secret& tenant_secret, std::uint32_t category_id) {
  const auto mac = crypto::Mac16(TenantScopeSelectorKey(tenant_secret), "lethe.tscosel.v1",
                                 ByteWriter().U32(category_id).Take());
  Selector selector{};
  std::copy_n(mac.begin(), selector.size(), selector.begin());
  return selector;
}

std::string SealTenantScopeRow(const Secret& tenant_secret, const std::string& row_key,
                               const Place& leaf, std::uint32_t category_id) {
  return SealWithLeaf(TenantScopeRowKey(tenant_secret), table::kTenantScope, row_key, kScopeFormat,
                      leaf, ByteWriter().U32(category_id).Take());
}

absl::StatusOr<Place> OpenTenantScopeRow(const Secret& tenant_secret, const std::string& row_key,
                                         std::uint32_t category_id, Bytes row) {
  LETHE_ASSIGN(const Opened opened, ReadClear(row, kScopeFormat));
  LETHE_ASSIGN(const Plaintext body, OpenRow(TenantScopeRowKey(tenant_secret), table::kTenantScope,
                                             row_key, opened.parts));
  ByteReader in(body.bytes());
  if (in.U32() != category_id || !in.Finish().ok()) {
    return Refuse(Reason::kDecryptFailed, "a tenant's category row is of another category");
  }
  return opened.leaf;
}

}  // namespace lethe::vault::tenants
