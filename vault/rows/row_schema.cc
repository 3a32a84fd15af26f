#include "vault/rows/row_schema.h"

#include "base/codec.h"

namespace lethe::vault {

std::span<const storage::TableSpec> AllTables() {
  static constexpr storage::TableSpec kTables[] = {
      {table::kMeta, "meta"},
      {table::kNode, "node"},
      {table::kLeaf, "leaf"},
      {table::kShredLog, "shred_log"},
      {table::kPending, "pending"},
      {table::kEvent, "event"},
      {table::kUnsynced, "unsynced"},
      {table::kTenant, "tenant"},
      {table::kTenantScope, "tenant_scope"},
      {table::kPeriod, "period"},
      {table::kSubject, "subject"},
      {table::kScope, "scope"},
      {table::kIdentifier, "identifier"},
      {table::kRecord, "record"},
      {table::kAct, "act"},
      {table::kRequest, "request"},
      {table::kDoomed, "doomed"},
      {table::kReceipt, "receipt"},
      {table::kHold, "hold"},
      {table::kPolicy, "policy"},
  };
  return kTables;
}

namespace row_key {

std::string Sequence(std::uint64_t sequence) { return ByteWriter().U64(sequence).Take(); }

std::string Tenant(const TenantTag& tenant) { return std::string(tenant.view()); }

std::string TenantSelector(const TenantTag& tenant, const Selector& selector) {
  return ByteWriter().Raw(tenant.bytes()).Raw(selector).Take();
}

std::string Policy(const TenantTag& tenant, std::uint32_t number) {
  return ByteWriter().Raw(tenant.bytes()).U32(number).Take();
}

std::string Subject(const TenantTag& tenant, const SubjectTag& subject) {
  return ByteWriter().Raw(tenant.bytes()).Raw(subject.bytes()).Take();
}

std::string Scope(const TenantTag& tenant, const SubjectTag& subject, const Selector& selector) {
  return ByteWriter().Raw(tenant.bytes()).Raw(subject.bytes()).Raw(selector).Take();
}

std::string Identifier(const TenantTag& tenant, const SubjectTag& subject, const RowTag& row) {
  return ByteWriter().Raw(tenant.bytes()).Raw(subject.bytes()).Raw(row.bytes()).Take();
}

std::string Record(const TenantTag& tenant, const SubjectTag& subject, const RecordTag& record) {
  return ByteWriter().Raw(tenant.bytes()).Raw(subject.bytes()).Raw(record.bytes()).Take();
}

std::string Act(const TenantTag& tenant, const SubjectTag& subject, const ActTag& act) {
  return ByteWriter().Raw(tenant.bytes()).Raw(subject.bytes()).Raw(act.bytes()).Take();
}

std::string Request(const TenantTag& tenant, const SubjectTag& scope,
                    const std::array<std::uint8_t, 16>& mac) {
  return ByteWriter().Raw(tenant.bytes()).Raw(scope.bytes()).Raw(mac).Take();
}

std::string Receipt(const TenantTag& tenant, const ReceiptTag& receipt) {
  return ByteWriter().Raw(tenant.bytes()).Raw(receipt.bytes()).Take();
}

}  // namespace row_key
}  // namespace lethe::vault
