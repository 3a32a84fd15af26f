#include "tests/vault/chores/chores_world.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "vault/rows/place.h"

namespace lethe::test {
namespace {

namespace table = vault::table;
namespace row_key = vault::row_key;

std::string Policy() { return std::string(kTestPolicy) + "erasure: {undo_window: P7D}\n"; }

std::string Text(const std::string& what, const std::string& tenant) {
  return R"({"what":")" + what + R"(","of":")" + tenant + R"("})";
}

}  // namespace

ChoresWorld::ChoresWorld()
    : test_vault({.tenants = {{"acme", Policy()},
                              {"globex", Policy()},
                              {"initech", Policy()},
                              {"umbrella", Policy()}}}),
      attacker_(test_vault.id()) {
  // First, so that the group of all tenants' own leaves, which the end of a tenant shreds, is full:
  // the leaves of acme and globex keep the rows of their first wrapping.
  umbrella_ = test_vault->stores().tenants.Find("umbrella")->tag;
  const vault::Subject first = test_vault.Create("U-1", "umbrella");
  test_vault.Put(first.tag, "account", "{}", "umbrella");
  FillGroups({.ann = first.tag}, "umbrella");
  acme_ = Fill("acme");
  globex_ = Fill("globex");
  initech_ = test_vault->stores().tenants.Find("initech")->tag;
  const vault::Subject kept = test_vault.Create("I-kept", "initech");
  test_vault.Put(kept.tag, "billing", "{}", "initech");
  dora_ = test_vault.Create("I-dora", "initech").tag;
  FillGroups({.ann = kept.tag}, "initech");
  emil_ = test_vault.Create("I-emil", "initech").tag;
  for (const char* tenant : {"initech", "umbrella"}) {
    LETHE_CHECK(test_vault->rights().OffboardTenant(test_vault.As("service", tenant), false).ok());
  }
  attacker_.AddImage(test_vault.engine());
}

ChoresWorld::People ChoresWorld::Fill(const std::string& tenant) {
  People people{.tag = test_vault->stores().tenants.Find(tenant)->tag};
  people.ann = test_vault.Create(tenant + "-ann", tenant).tag;
  people.rita = test_vault.Create(tenant + "-rita", tenant).tag;
  people.bob = test_vault.Create(tenant + "-bob", tenant).tag;
  const vault::Record doomed =
      test_vault.Put(people.ann, "account", Text("doomed", tenant), tenant);
  people.ended = test_vault.Put(people.ann, "telemetry", Text("ended", tenant), tenant);
  people.held = test_vault.Put(people.rita, "telemetry", Text("held", tenant), tenant);
  people.erased = test_vault.Put(people.bob, "account", Text("erased", tenant), tenant);
  const auto before = test_vault.engine().Scan(table::kDoomed, {}, 100);
  LETHE_CHECK(test_vault->data()
                  .DeleteRecord(test_vault.As("service", tenant), people.ann, doomed.tag, "")
                  .ok());
  const auto after = test_vault.engine().Scan(table::kDoomed, {}, 100);
  for (const storage::Row& row : *after) {
    const auto is_it = [&](const storage::Row& other) { return other.key == row.key; };
    if (std::ranges::none_of(*before, is_it)) people.doomed_row = row.key;
  }
  LETHE_CHECK(!people.doomed_row.empty());
  LETHE_CHECK(test_vault->rights()
                  .BeginAct(test_vault.As("service", tenant), people.rita,
                            vault::Restriction{.reason = "claim"})
                  .ok());
  LETHE_CHECK(test_vault->rights()
                  .EraseSubject(test_vault.As("service", tenant), {.subject = people.bob})
                  .ok());
  FillGroups(people, tenant);
  return people;
}

void ChoresWorld::FillGroups(const People& people, const std::string& tenant) {
  const int persons = vault::kSlotsPerGroup / vault::kSlotsPerPerson;
  for (int i = 0; i < persons; ++i) test_vault.Create(tenant + "-" + std::to_string(i), tenant);
  for (int i = 0; i < vault::kSlotsPerGroup; ++i) {
    test_vault.Put(people.ann, "support", "{}", tenant);
  }
}

std::optional<std::string> ChoresWorld::Plant(table::Id table, const std::string& key,
                                              std::optional<std::string> value) {
  const auto before = test_vault.engine().Get(table, key);
  storage::Batch change;
  if (value.has_value()) {
    change.Put(table, key, *std::move(value));
  } else {
    change.Delete(table, key);
  }
  LETHE_CHECK(test_vault->stores()
                  .journal->Commit({{}}, std::move(change), storage::Durability::kSynced)
                  .ok());
  return before.ok() ? std::optional(*before) : std::nullopt;
}

std::string ChoresWorld::CutShort(table::Id table, const std::string& key) {
  const auto row = test_vault.engine().Get(table, key);
  LETHE_CHECK(row.ok());
  return row->substr(0, 3);
}

std::string ChoresWorld::FirstKey(table::Id table, const std::string& prefix) {
  const auto rows = test_vault.engine().Scan(table, {.prefix = prefix, .after = {}}, 1);
  LETHE_CHECK(rows.ok() && !rows->empty());
  return rows->front().key;
}

std::string ChoresWorld::LeafKeyIn(table::Id table, const std::string& key, std::size_t offset) {
  return test_vault.engine().Get(table, key)->substr(offset, vault::Place::kBytes);
}

std::string ChoresWorld::LeftOf(const People& people) {
  attacker_.AddImage(test_vault.engine());
  const std::string tenant = people.tag == acme_.tag ? "acme" : "globex";
  std::string left;
  for (const char* what : {"doomed", "ended", "erased"}) {
    if (Opens(Text(what, tenant))) left += std::string(what) + " text opens; ";
  }
  if (!Opens(Text("held", tenant))) left += "what a restriction holds is lost; ";
  const auto there = [&](const vault::Record& record) {
    return Rows(table::kRecord, row_key::Record(people.tag, record.subject, record.tag)) > 0;
  };
  if (there(people.ended)) left += "a row of the period; ";
  if (there(people.erased)) left += "a row of the erased; ";
  if (Rows(table::kRequest, row_key::Tenant(people.tag)) > 0) left += "outdated requests; ";
  return left;
}

std::string ChoresWorld::LeftOfInitech(const SubjectTag& person, const std::string& identifier) {
  attacker_.AddImage(test_vault.engine());
  std::string left = Opens(identifier) ? identifier + " opens; " : "";
  if (Rows(table::kIdentifier, row_key::Subject(initech_, person)) > 0) left += "identifiers; ";
  return left;
}

std::string ChoresWorld::LeftOfUmbrella() {
  std::size_t rows = 0;
  for (const table::Id id : {table::kTenantScope, table::kSubject, table::kScope,
                             table::kIdentifier, table::kRecord, table::kRequest}) {
    rows += Rows(id, row_key::Tenant(umbrella_));
  }
  return rows == 0 ? "" : std::to_string(rows) + " rows; ";
}

vault::ChoreStatus ChoresWorld::Chore(const std::string& name) {
  for (vault::ChoreStatus& chore : test_vault->operations().Status().chores) {
    if (chore.name == name) return std::move(chore);
  }
  ADD_FAILURE() << "no chore " << name;
  return {};
}

bool ChoresWorld::Opens(const std::string& text) {
  return attacker_.OpenAll(test_vault.CurrentRoot()).contains(text);
}

std::size_t ChoresWorld::Rows(table::Id table, const std::string& prefix) {
  return test_vault.engine().Scan(table, {.prefix = prefix, .after = {}}, 1'000)->size();
}

}  // namespace lethe::test
