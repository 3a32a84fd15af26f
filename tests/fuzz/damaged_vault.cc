#include "tests/fuzz/damaged_vault.h"

#include <vector>

#include "base/check.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/memory_engine.h"
#include "tests/support/shared_engine.h"
#include "vault/rows/row_schema.h"

namespace lethe::fuzz {
namespace {

constexpr char kPolicy[] = R"(policy: fuzz-1
time_zone: Europe/Rome
purposes: [service, billing]
categories:
  - {name: account, id: 1, purposes: [service], anchor: contract_end, period: P0D}
  - {name: billing, id: 2, purposes: [billing], anchor: created, period: P10Y}
)";

vault::VaultParts PartsOn(std::shared_ptr<storage::Engine> engine,
                          std::shared_ptr<test::SlotDisk> slots) {
  vault::VaultParts parts{.id = kVault};
  parts.engine = std::make_unique<test::SharedEngine>(std::move(engine));
  parts.holders.push_back(test::HolderOn(std::move(slots)));
  return parts;
}

}  // namespace

DamagedVault::DamagedVault() {
  const std::shared_ptr<storage::Engine> engine = test::NewMemoryEngine(vault::AllTables());
  const auto slots = std::make_shared<test::SlotDisk>();
  LETHE_CHECK(vault::CreateVaultOn(PartsOn(engine, slots), clock_, random_).ok());
  auto vault = OpenOn(engine, slots);
  LETHE_CHECK(vault.ok());
  Fill(**vault);
  vault->reset();
  slots_ = *slots;
  position_ = engine->Position();
  for (const storage::TableSpec& table : vault::AllTables()) {
    const auto rows = engine->Scan(table.id, {}, storage::Reader::kScanRowsMax);
    for (const storage::Row& row : *rows) rows_[{table.id, row.key}] = row.value;
  }
}

void DamagedVault::Fill(vault::OpenedVault& vault) {
  const auto subject = vault.data().CreateSubject(As("service"), std::vector{identifier_});
  LETHE_CHECK(subject.ok());
  subject_ = subject->tag;
  Put(vault, "account", "service");
  Put(vault, "billing", "billing");
  const auto other = vault.data().CreateSubject(As("service"), {});
  vault::EraseRequest request;
  request.subject = other->tag;
  const auto erasure = vault.rights().EraseSubject(As("service"), request);
  LETHE_CHECK(erasure.ok());
  erasure_ = *erasure;
}

void DamagedVault::Put(vault::OpenedVault& vault, const std::string& category,
                       const std::string& purpose) {
  vault::NewRecord record;
  record.category = category;
  record.data = R"({"draft": true})";
  const auto put = vault.data().CreateRecord(As(purpose), subject_, record);
  LETHE_CHECK(put.ok());
  const std::string data = R"({"text": ")" + category + R"("})";
  vault::RecordPatch patch;
  patch.data = data;
  LETHE_CHECK(vault.data().UpdateRecord(As(purpose), subject_, put->tag, put->etag, patch).ok());
  records_[put->tag] = {data, purpose};
}

absl::StatusOr<std::unique_ptr<vault::OpenedVault>> DamagedVault::OpenWith(Bytes alterations) {
  std::map<RowId, std::string> rows = rows_;
  ByteReader in(alterations);
  while (in.remaining() >= 5) {
    std::string& value = std::next(rows.begin(), in.U16() % rows.size())->second;
    const std::size_t offset = in.U16() % value.size();
    value[offset] = static_cast<char>(value[offset] ^ in.U8());
  }
  storage::Batch batch;
  for (auto& [id, value] : rows) batch.Put(id.first, id.second, std::move(value));
  std::shared_ptr<storage::Engine> engine = test::NewMemoryEngine(vault::AllTables());
  LETHE_CHECK(engine->Write(batch, position_, storage::Durability::kSynced).ok());
  return OpenOn(engine, std::make_shared<test::SlotDisk>(slots_));
}

absl::StatusOr<std::unique_ptr<vault::OpenedVault>> DamagedVault::OpenOn(
    std::shared_ptr<storage::Engine> engine, std::shared_ptr<test::SlotDisk> slots) {
  const vault::RunOptions options{.tenants = {{"acme", kPolicy}}, .background = false};
  auto vault =
      vault::OpenVaultOn(PartsOn(std::move(engine), std::move(slots)), options, clock_, random_);
  if (vault.ok()) (*vault)->LoadIdentifiers();
  return vault;
}

vault::Caller DamagedVault::As(const std::string& purpose) {
  return {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
          .tenant = "acme",
          .purpose = purpose,
          .request_id = RowTag::Draw(random_).ToString()};
}

}  // namespace lethe::fuzz
