#include "tests/support/test_vault.h"

#include <utility>

#include "base/check.h"
#include "storage/rocks_engine.h"
#include "tests/support/memory_engine.h"
#include "tests/support/shared_engine.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {

const char kTestPolicy[] = R"(policy: test-1
time_zone: Europe/Rome
purposes: [service, support, billing, tax, access]
categories:
  - name: account
    id: 1
    purposes: [service, support]
    anchor: contract_end
    period: P0D
  - name: billing
    id: 2
    purposes: [billing]
    anchor: created
    period: P10Y
    origin_portable: false
    legal_obligation:
      reference: IT d.P.R. 600/1973 Art. 22
      purposes: [tax]
      keep_identifiers: [customer_number]
  - name: support
    id: 3
    purposes: [support]
    anchor: created
  - name: telemetry
    id: 4
    purposes: [service]
    anchor: created
    period: P1M
)";

TestVault::TestVault(TestVaultOptions the_options)
    : options(std::move(the_options)),
      clock(absl::FromUnixSeconds(1'790'000'000)),
      id_(VaultId::Draw(random)),
      slots_(std::make_shared<SlotDisk>()) {
  if (options.disk == Disk::kMemory) {
    engine_ = NewMemoryEngine(vault::AllTables());
  } else {
    LETHE_CHECK(vault::archive::Archive::Create(dir_ / "archive", id_).ok());
    LETHE_CHECK(OpenEngine(true) != nullptr);
  }
  LETHE_CHECK(vault::CreateVaultOn(Parts(), clock, random).ok());
  LETHE_CHECK(Open().ok());
}

TestVault::~TestVault() = default;

std::unique_ptr<storage::Engine> TestVault::OpenEngine(bool create) {
  auto engine = storage::OpenRocksEngine(
      {.path = dir_ / "db", .create = create, .free_space_reserve_bytes = 0}, vault::AllTables());
  LETHE_CHECK(engine.ok());
  return *std::move(engine);
}

vault::VaultParts TestVault::Parts() {
  vault::VaultParts parts{.id = id_};
  if (options.disk == Disk::kRocks) {
    engine_.reset();
    engine_ = OpenEngine(false);
    auto archive = vault::archive::Archive::Open(dir_ / "archive", id_);
    LETHE_CHECK(archive.ok());
    parts.archive = *std::move(archive);
  }
  parts.engine = std::make_unique<SharedEngine>(engine_);
  // The vault's own reference is the only one: closing it must close the database.
  if (options.disk == Disk::kRocks) engine_.reset();
  parts.holders.push_back(HolderOn(slots_));
  return parts;
}

absl::Status TestVault::Open() {
  auto vault = vault::OpenVaultOn(Parts(),
                                  vault::RunOptions{.tenants = options.tenants,
                                                    .doomed_delay = options.doomed_delay,
                                                    .background = options.background},
                                  clock, random);
  if (!vault.ok()) return vault.status();
  vault_ = *std::move(vault);
  if (options.load_identifiers && !options.background) vault_->LoadIdentifiers();
  return absl::OkStatus();
}

void TestVault::Restart() {
  Close();
  const absl::Status status = Open();
  ASSERT_TRUE(status.ok()) << status;
}

vault::Caller TestVault::As(const std::string& purpose, const std::string& tenant) {
  return {.principal = {"spiffe://test/tenants/" + tenant + "/clients/one", tenant},
          .tenant = tenant,
          .purpose = purpose,
          .request_id = RowTag::Draw(random).ToString()};
}

vault::Subject TestVault::Create(const std::string& customer_number, const std::string& tenant) {
  const std::vector<vault::Identifier> identifiers = {CustomerNumber(customer_number)};
  auto subject = vault_->data().CreateSubject(As("service", tenant), identifiers);
  EXPECT_TRUE(subject.ok()) << subject.status();
  return subject.ok() ? *subject : vault::Subject{};
}

vault::Record TestVault::Put(const SubjectTag& subject, const std::string& category,
                             const std::string& json, const std::string& tenant) {
  const std::string purpose =
      category == "billing" ? "billing" : (category == "support" ? "support" : "service");
  vault::NewRecord record;
  record.category = category;
  record.data = json;
  auto put = vault_->data().CreateRecord(As(purpose, tenant), subject, record);
  EXPECT_TRUE(put.ok()) << put.status();
  return put.ok() ? *put : vault::Record{};
}

absl::StatusOr<vault::Record> TestVault::Get(const vault::Record& record,
                                             const std::string& purpose,
                                             const std::string& tenant) {
  return vault_->data().GetRecord(As(purpose, tenant), record.subject, record.tag);
}

absl::StatusOr<vault::Erasure> TestVault::Erase(const SubjectTag& subject,
                                                vault::Initiator initiator) {
  vault::EraseRequest request;
  request.subject = subject;
  request.initiator = initiator;
  return vault_->rights().EraseSubject(As("service"), request);
}

Secret TestVault::CurrentRoot() const {
  auto slots = HolderOn(slots_)->ReadSlots();
  LETHE_CHECK(slots.ok());
  for (vault::holders::Slot& slot : *slots) {
    if (slot.state == vault::holders::Slot::State::kWhole) return std::move(slot.content->root);
  }
  return Secret();
}

vault::Identifier CustomerNumber(const std::string& value) { return {"customer_number", value}; }

absl::StatusOr<std::string> ReadAll(vault::Artifact& artifact) {
  std::string all;
  while (true) {
    auto piece = artifact.Next();
    if (!piece.ok()) return piece.status();
    if (piece->empty()) return all;
    all += *piece;
  }
}

}  // namespace lethe::test
