// What must never cross: tenants, rows of other records, keys of refused calls, events.
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/audit/event.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault {
namespace {

using test::CustomerNumber;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

class IsolationTest : public ::testing::Test {
 protected:
  std::vector<audit::NumberedEvent> EventsAfter(std::uint64_t sequence) {
    std::vector<audit::NumberedEvent> events;
    const auto rows = vault_.engine().Scan(
        table::kEvent, {.prefix = {}, .after = row_key::Sequence(sequence)}, 10'000);
    for (const storage::Row& row : *rows) {
      events.push_back(*audit::DecodeEvent(AsBytes(row.value)));
    }
    return events;
  }
  void Overwrite(const std::string& key, const std::string& value,
                 storage::TableId id = table::kRecord) {
    storage::Batch change;
    change.Put(id, key, value);
    ASSERT_TRUE(
        vault_->stores()
            .journal->Commit({audit::Event{}}, std::move(change), storage::Durability::kSynced)
            .ok());
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
};

TEST_F(IsolationTest, AForeignTenantIsRefusedExistingOrNot) {
  const Record record = vault_.Put(ann_.tag, "account", "{}");
  Caller foreign = vault_.As("service", "globex");
  foreign.tenant = "acme";
  const auto refused = IsRefused(Reason::kTenantMismatch);
  EXPECT_THAT(vault_->data().GetSubject(foreign, ann_.tag), refused);
  EXPECT_THAT(vault_->data().GetSubject(foreign, SubjectTag::Draw(vault_.random)), refused);
  EXPECT_THAT(vault_->data().GetSubject(foreign, CustomerNumber("C-1")), refused);
  EXPECT_THAT(vault_->data().CreateSubject(foreign, {}), refused);
  EXPECT_THAT(vault_->data().ListSubjects(foreign, {}), refused);
  EXPECT_THAT(vault_->data().GetRecord(foreign, ann_.tag, record.tag), refused);
  EXPECT_THAT(vault_->data().ListRecords(foreign, ann_.tag, "", {}), refused);
  EXPECT_THAT(vault_->data().UpdateRecord(foreign, ann_.tag, record.tag, "", {.data = "{}"}),
              refused);
  EXPECT_THAT(vault_->data().DeleteRecord(foreign, ann_.tag, record.tag, ""), refused);
  EXPECT_THAT(vault_->rights().EraseSubject(foreign, {.subject = ann_.tag}), refused);
  EXPECT_THAT(vault_->rights().BeginAct(foreign, ann_.tag, Restriction{}), refused);
  EXPECT_THAT(vault_->rights().AccessReport(foreign, ann_.tag), refused);
  EXPECT_THAT(vault_->rights().ExportSubject(foreign, ann_.tag), refused);
  foreign.tenant = foreign.principal.tenant = "nowhere";
  EXPECT_THAT(vault_->data().GetSubject(foreign, ann_.tag), refused);
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service", "globex"), ann_.tag),
              IsRefused(Reason::kResourceNotFound));
}

// Ten rows of two tenants, four subjects and three categories: every one put in every other's
// place.
TEST_F(IsolationTest, NoRowOpensInAnothersPlace) {
  struct Put {
    Record record;
    std::string tenant, key, row;
  };
  std::vector<Put> puts;
  const auto put = [&](const Subject& subject, const char* category, const std::string& tenant) {
    const Record record = vault_.Put(subject.tag, category, R"({"n":1})", tenant);
    const std::string key =
        row_key::Record(vault_->stores().tenants.Find(tenant)->tag, subject.tag, record.tag);
    puts.push_back({record, tenant, key, *vault_.engine().Get(table::kRecord, key)});
  };
  const Subject bob = vault_.Create("C-2");
  const Subject cyd = vault_.Create("C-1", "globex");
  for (const Subject& subject : {ann_, bob}) {
    for (const char* category : {"account", "account", "telemetry"}) put(subject, category, "acme");
  }
  for (const char* category : {"account", "telemetry", "support", "support"}) {
    put(cyd, category, "globex");
  }
  const auto read = [&](const Put& at) {
    const std::string purpose = at.record.category == "support" ? "support" : "service";
    return vault_.Get(at.record, purpose, at.tenant);
  };
  for (const Put& at : puts) ASSERT_THAT(read(at), IsOk()) << "the control";
  for (std::size_t i = 0; i < puts.size(); ++i) {
    for (std::size_t k = 0; k < puts.size(); ++k) {
      if (i == k) continue;
      Overwrite(puts[i].key, puts[k].row);
      EXPECT_FALSE(read(puts[i]).ok()) << "row " << k << " in the place of row " << i;
    }
    Overwrite(puts[i].key, puts[i].row);
    ASSERT_THAT(read(puts[i]), IsOk()) << "put back";
  }
}

// Where a row's leaf is stands in clear. Whoever could change that would have an erasure shred
// another leaf, and keep the data. (Where an act's leaf is the header tells, sealed.)
TEST_F(IsolationTest, ARowThatIsPointedAtAnotherLeafStopsTheErasure) {
  vault_.Put(ann_.tag, "account", "{}");
  vault_.Put(ann_.tag, "support", "{}");
  const std::string prefix = row_key::Subject(vault_->stores().tenants.Find("acme")->tag, ann_.tag);
  constexpr std::size_t kPlaceAt[] = {1, 1, 2};  // Behind the format and, of a header, its kind.
  const storage::TableId tables[] = {table::kScope, table::kIdentifier, table::kSubject};
  for (std::size_t i = 0; i < std::size(tables); ++i) {
    const auto rows = vault_.engine().Scan(tables[i], {.prefix = prefix}, 10);
    ASSERT_THAT(rows, IsOk());
    ASSERT_FALSE(rows->empty());
    for (const storage::Row& row : *rows) {
      for (std::size_t at = kPlaceAt[i]; at < kPlaceAt[i] + Place::kBytes; ++at) {
        std::string pointed = row.value;
        pointed[at] = static_cast<char>(pointed[at] ^ 1);
        Overwrite(row.key, pointed, tables[i]);
        EXPECT_FALSE(vault_.Erase(ann_.tag).ok()) << "table " << int{tables[i]} << " byte " << at;
      }
      Overwrite(row.key, row.value, tables[i]);
    }
  }
  EXPECT_THAT(vault_.Erase(ann_.tag), IsOk()) << "the control";
}

TEST_F(IsolationTest, AnOldVersionPastedBackDoesNotOpenOnceItsLeafIsDead) {
  const Record record = vault_.Put(ann_.tag, "account", R"({"v":1})");
  const std::string key =
      row_key::Record(vault_->stores().tenants.Find("acme")->tag, ann_.tag, record.tag);
  const std::string old = *vault_.engine().Get(table::kRecord, key);
  ASSERT_THAT(vault_->data().UpdateRecord(vault_.As("service"), ann_.tag, record.tag, "",
                                          {.data = R"({"v":2})"}),
              IsOk());
  vault_.clock.Advance(absl::Seconds(60));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  Overwrite(key, old);
  EXPECT_FALSE(vault_.Get(record, "service").ok());
}

// P4: the caches are warm, so a refusal that unwrapped first would show.
TEST_F(IsolationTest, ARefusedCallHoldsNoCategorysKey) {
  const Record record = vault_.Put(ann_.tag, "account", "{}");
  const Record invoice = vault_.Put(ann_.tag, "billing", "{}");
  const Record telemetry = vault_.Put(ann_.tag, "telemetry", "{}");
  const auto unwraps = [&] { return vault_->operations().Status().category_unwraps; };
  std::uint64_t before = unwraps();
  ASSERT_THAT(vault_.Get(record, "service"), IsOk());
  EXPECT_EQ(unwraps(), before + 1) << "the control";

  before = unwraps();
  EXPECT_FALSE(vault_.Get(invoice, "service").ok());
  EXPECT_FALSE(vault_.Get(record, "ads").ok());
  EXPECT_FALSE(vault_->data().ListRecords(vault_.As("service"), ann_.tag, "billing", {}).ok());
  EXPECT_TRUE(
      vault_->data().ListRecords(vault_.As("tax"), ann_.tag, "account", {}).status().code() !=
      absl::StatusCode::kOk);
  EXPECT_FALSE(vault_->data().DeleteRecord(vault_.As("billing"), ann_.tag, invoice.tag, "").ok());
  EXPECT_FALSE(
      vault_->data()
          .CreateRecord(vault_.As("service"), ann_.tag, {.category = "billing", .data = "{}"})
          .ok());
  ASSERT_THAT(vault_->rights().BeginAct(vault_.As("service"), ann_.tag, Restriction{}), IsOk());
  EXPECT_FALSE(vault_.Get(record, "service").ok());
  EXPECT_FALSE(vault_->data()
                   .UpdateRecord(vault_.As("service"), ann_.tag, record.tag, "", {.data = "{}"})
                   .ok());
  ASSERT_THAT(vault_->rights().EndAct(vault_.As("service"), ann_.tag,
                                      {ActKind::kRestriction, vault_.clock.Now()}),
              IsOk());
  vault_.clock.Advance(absl::Hours(24 * 40));
  EXPECT_FALSE(vault_.Get(telemetry, "service").ok());
  EXPECT_EQ(unwraps(), before);
}

TEST_F(IsolationTest, EveryCallAndEveryRefusalHasItsEvent) {
  std::uint64_t sequence = vault_->operations().Status().journal_sequence;
  const Record record = vault_.Put(ann_.tag, "account", "{}");
  ASSERT_THAT(vault_.Get(record, "service"), IsOk());
  EXPECT_FALSE(vault_.Get(record, "billing").ok());
  const auto events = EventsAfter(sequence);
  std::vector<audit::Method> methods;
  for (const auto& event : events) methods.push_back(event.event.method);
  EXPECT_THAT(methods,
              ::testing::IsSupersetOf({audit::Method::kCreateRecord, audit::Method::kGetRecord,
                                       audit::Method::kGetRecord}));
  const audit::Event& put = events[events.size() - 3].event;
  EXPECT_EQ(put.subjects, std::vector<SubjectTag>{ann_.tag});
  EXPECT_EQ(put.categories, std::vector<std::string>{"account"});
  EXPECT_EQ(put.purpose, "service");
  EXPECT_EQ(put.count, 1u);
  EXPECT_EQ(put.code, 0);
  const audit::Event& refusal = events.back().event;
  EXPECT_EQ(refusal.code, static_cast<int>(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(refusal.rule, "PURPOSE_NOT_ALLOWED");
}

TEST_F(IsolationTest, AnEventRepeatsNoWordOfTheCallers) {
  const std::uint64_t sequence = vault_->operations().Status().journal_sequence;
  EXPECT_FALSE(vault_->data().GetSubject(vault_.As("alice-miller"), ann_.tag).ok());
  vault_->audit().RecordRefusal(vault_.As("alice-miller"), "alice-miller",
                                absl::InternalError("alice"));
  const auto rows = vault_.engine().Scan(table::kEvent,
                                         {.prefix = {}, .after = row_key::Sequence(sequence)}, 100);
  ASSERT_EQ(rows->size(), 2u);
  for (const storage::Row& row : *rows) {
    EXPECT_EQ(row.value.find("alice"), std::string::npos);
  }
}

TEST_F(IsolationTest, NothingOnDiskSaysWhoOrWhat) {
  vault_.Put(ann_.tag, "account", R"({"name":"needle-in-data"})");
  ASSERT_THAT(
      vault_->data().AddIdentifier(vault_.As("service"), ann_.tag, {"email", "needle-in-email"}),
      IsOk());
  ASSERT_THAT(vault_->rights().BeginAct(vault_.As("service"), ann_.tag,
                                        Restriction{.reason = "needle-in-reason"}),
              IsOk());
  storage::Batch plant;
  plant.Put(table::kMeta, "planted", "a planted needle-control");
  ASSERT_TRUE(vault_->stores()
                  .journal->Commit({audit::Event{}}, std::move(plant), storage::Durability::kSynced)
                  .ok());
  std::size_t hits = 0;
  bool control = false;
  for (const storage::TableSpec& spec : AllTables()) {
    const auto rows = vault_.engine().Scan(spec.id, {}, 10'000);
    for (const storage::Row& row : *rows) {
      if (row.value.find("needle-in-") != std::string::npos) ++hits;
      if (row.key.find("needle") != std::string::npos) ++hits;
      control = control || row.value.find("needle-control") != std::string::npos;
    }
  }
  EXPECT_EQ(hits, 0u);
  EXPECT_TRUE(control);
}

}  // namespace
}  // namespace lethe::vault
