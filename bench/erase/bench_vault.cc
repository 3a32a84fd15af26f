#include "bench/erase/bench_vault.h"

#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "storage/rocks_engine.h"
#include "tests/support/shared_engine.h"
#include "vault/archive/archive.h"
#include "vault/holders/file_holder.h"
#include "vault/model/limits.h"
#include "vault/rows/row_schema.h"

namespace lethe::bench {
namespace {

// No law keeps anything here: an erase leaves nothing.
constexpr char kPolicy[] = R"(policy: bench-1
time_zone: Europe/Rome
purposes: [service]
categories:
  - {name: account, id: 1, purposes: [service], anchor: created}
  - {name: contact, id: 2, purposes: [service], anchor: created}
  - {name: orders, id: 3, purposes: [service], anchor: created}
  - {name: support, id: 4, purposes: [service], anchor: created}
  - {name: usage, id: 5, purposes: [service], anchor: created}
  - {name: sessions, id: 6, purposes: [service], anchor: created, period: P1M}
)";
constexpr const char* kCategories[] = {"account", "contact", "orders", "support", "usage"};
constexpr const char* kExpiring = "sessions";
constexpr const char* kIdentifierTypes[] = {"customer_number", "email"};
constexpr std::size_t kImportStep = vault::limits::kStepRecordsMax;
// Bounds one commit of leaves that belong to nobody.
constexpr std::int64_t kDraftsPerCommit = 2'000;
// Of an operation in an encoded batch: kind, table, two lengths.
constexpr std::uint64_t kOperationBytes = 8;

void Require(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::fprintf(stderr, "benchmark: %s: %s\n", what, std::string(status.message()).c_str());
  std::exit(2);
}

class CountingEngine final : public test::SharedEngine {
 public:
  CountingEngine(std::shared_ptr<storage::Engine> engine, EngineTotals& totals)
      : SharedEngine(std::move(engine)), totals_(totals) {}

  absl::Status Write(const storage::Batch& batch, std::uint64_t position,
                     storage::Durability durability) override {
    for (const storage::Operation& operation : batch.operations()) {
      totals_.table_bytes.at(operation.table) +=
          operation.key.size() + operation.value.size() + kOperationBytes;
    }
    totals_.syncs += durability == storage::Durability::kSynced ? 1 : 0;
    return SharedEngine::Write(batch, position, durability);
  }

 private:
  EngineTotals& totals_;  // One writer: the journal's thread.
};

vault::Identifier IdentifierOf(std::int64_t person, int i) {
  return {kIdentifierTypes[i], absl::StrFormat("%d-%d@example.org", person, i)};
}

}  // namespace

std::uint64_t EngineTotals::bytes() const {
  return std::accumulate(table_bytes.begin(), table_bytes.end(), std::uint64_t{0});
}

EngineTotals operator-(const EngineTotals& later, const EngineTotals& earlier) {
  EngineTotals between{.syncs = later.syncs - earlier.syncs};
  for (std::size_t i = 0; i < between.table_bytes.size(); ++i) {
    between.table_bytes[i] = later.table_bytes[i] - earlier.table_bytes[i];
  }
  return between;
}

BenchVault::BenchVault(BenchVaultOptions options) : options_(options), id_(VaultId::Draw(random)) {
  if (options_.archive) {
    Require(vault::archive::Archive::Create(dir_ / "archive", id_), "archive");
  }
  for (int i = 0; i < options_.holders; ++i) {
    const std::string path = dir_ / absl::StrFormat("holder-%d.slots", i + 1);
    Require(vault::holders::CreateHolderFile({.path = path, .dev = true}), "holder");
  }
  Require(vault::CreateVaultOn(Parts(true), clock, random).status(), "init");
  vault::RunOptions run;
  run.tenants = {{"acme", kPolicy}};
  run.background = false;
  auto opened = vault::OpenVaultOn(Parts(false), run, clock, random);
  Require(opened.status(), "open");
  vault_ = *std::move(opened);
  vault_->LoadIdentifiers();
}

vault::VaultParts BenchVault::Parts(bool create) {
  vault::VaultParts parts{.id = id_};
  auto engine =
      storage::OpenRocksEngine({.path = dir_ / "db", .create = create}, vault::AllTables());
  Require(engine.status(), "engine");
  parts.engine = std::make_unique<CountingEngine>(*std::move(engine), engine_totals_);
  for (int i = 0; i < options_.holders; ++i) {
    auto holder =
        vault::holders::OpenFileHolder({.path = dir_ / absl::StrFormat("holder-%d.slots", i + 1),
                                        .name = absl::StrFormat("file-%d", i + 1),
                                        .dev = true});
    Require(holder.status(), "holder");
    parts.holders.push_back(*std::move(holder));
  }
  if (!options_.archive) return parts;
  auto archive = vault::archive::Archive::Open(dir_ / "archive", id_);
  Require(archive.status(), "archive");
  parts.archive = *std::move(archive);
  return parts;
}

vault::Caller BenchVault::Caller() {
  return {.principal = {"spiffe://bench/tenants/acme/clients/one", "acme"},
          .tenant = "acme",
          .purpose = "service",
          .request_id = RowTag::Draw(random).ToString()};
}

std::vector<SubjectTag> BenchVault::Import(std::int64_t subjects, const Shape& shape) {
  const std::int64_t first = imported_.fetch_add(subjects);
  const std::int64_t callers = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::vector<SubjectTag>> tags(static_cast<std::size_t>(callers));
  std::vector<std::thread> importing;
  for (std::int64_t i = 0; i < callers; ++i) {
    const std::int64_t from = first + subjects * i / callers;
    const std::int64_t to = first + subjects * (i + 1) / callers;
    importing.emplace_back(
        [this, from, to, &shape, &mine = tags[i]] { ImportSome(from, to, shape, mine); });
  }
  for (std::thread& thread : importing) thread.join();
  std::vector<SubjectTag> all;
  for (const auto& some : tags) all.insert(all.end(), some.begin(), some.end());
  return all;
}

void BenchVault::ImportSome(std::int64_t first, std::int64_t last, const Shape& shape,
                            std::vector<SubjectTag>& tags) {
  std::vector<vault::ImportItem> items;
  const auto import = [&] {
    for (const auto& result : vault_->data().Import(Caller(), items)) {
      Require(result.status(), "import");
      if (tags.empty() || tags.back() != result->subject) tags.push_back(result->subject);
    }
    items.clear();
  };
  const int records = shape.categories * shape.records_per_category;
  for (std::int64_t person = first; person < last; ++person) {
    std::vector<vault::Identifier> further;
    for (int i = 1; i < shape.identifiers; ++i) further.push_back(IdentifierOf(person, i));
    for (int i = 0; i < records; ++i) {
      vault::ImportItem item{.subject = IdentifierOf(person, 0), .identifiers = further};
      item.record.category = shape.expiring ? kExpiring : kCategories[i % shape.categories];
      item.record.data = R"({"city":"Torino","plan":"basic"})";
      item.request_id = RowTag::Draw(random).ToString();
      items.push_back(std::move(item));
      if (items.size() == kImportStep) import();
    }
  }
  if (!items.empty()) import();
}

vault::Erasure BenchVault::Erase(const SubjectTag& subject) {
  auto erasure = vault_->rights().EraseSubject(Caller(), {.subject = subject});
  Require(erasure.status(), "erase");
  return *std::move(erasure);
}

std::vector<vault::keytree::Place> BenchVault::DraftPerson(std::size_t leaves) {
  auto spot = tree().ReserveSpot();
  Require(spot.status(), "spot");
  storage::Batch change;
  std::vector<vault::keytree::LeafDraft> drafts;
  std::vector<vault::keytree::Place> places;
  for (std::size_t i = 0; i < leaves; ++i) {
    auto draft = tree().DraftPersonal(*spot, change);
    Require(draft.status(), "draft");
    places.push_back(draft->place);
    drafts.push_back(*std::move(draft));
  }
  Commit(std::move(change));
  return places;
}

void BenchVault::Commit(storage::Batch change) {
  Require(vault_->stores()
              .journal
              ->Commit({vault::audit::Event{}}, std::move(change), storage::Durability::kWritten)
              .status(),
          "commit");
}

void BenchVault::GrowTo(std::int64_t leaves) {
  while (drafted_ < leaves) {
    storage::Batch change;
    std::vector<vault::keytree::LeafDraft> drafts;
    for (; drafted_ < leaves && drafts.size() < kDraftsPerCommit; ++drafted_) {
      auto draft = tree().Draft(change);
      Require(draft.status(), "draft");
      drafts.push_back(*std::move(draft));
    }
    Commit(std::move(change));
  }
}

}  // namespace lethe::bench
