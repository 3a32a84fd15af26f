// A bad row in each table that a chore reads: everything else is done in the same round, the status
// names the chore and the row, and put back, it is done too. Beside it the housekeeper as it was.
#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/vault/chores/chores_world.h"
#include "vault/expiry/retention_mark.h"

namespace lethe::vault::chores {
namespace {

using test::ChoresWorld;
using test::IsOk;

struct Planted {
  table::Id table;
  std::string key;
  std::string value;
};

struct Case {
  const char* name;
  const char* chore;
  const char* table;  // That the status names.
  std::function<Planted(ChoresWorld&)> plant;
};

Planted Cut(ChoresWorld& world, table::Id table, const std::string& key) {
  return {table, key, world.CutShort(table, key)};
}

std::string SubjectKey(ChoresWorld& world, const SubjectTag& subject) {
  return row_key::Subject(world.acme().tag, subject);
}

std::string KeyOf(ChoresWorld& world, const Record& record) {
  return row_key::Record(world.acme().tag, record.subject, record.tag);
}

std::string PeriodKey(ChoresWorld& world) {
  return world.FirstKey(table::kPeriod, row_key::Tenant(world.acme().tag));
}

std::string EraseAt(ChoresWorld& world) {
  return "erase_at." + SubjectKey(world, world.acme().bob);
}

// clang-format off: a table is read by its columns.
const Case kCases[] = {
    {"DoomedRow", "doomed", "doomed",
     [](ChoresWorld& w) { return Cut(w, table::kDoomed, w.acme().doomed_row); }},
    {"DoomedPlaceThatIsNowhere", "doomed", "doomed",
     [](ChoresWorld& w) {
       return Planted{table::kDoomed, std::string(8, '\x7f') + '\1',
                      *w.test_vault.engine().Get(table::kDoomed, w.acme().doomed_row)};
     }},
    {"DoomedLeaf", "doomed", "leaf",
     [](ChoresWorld& w) { return Cut(w, table::kLeaf, w.acme().doomed_row); }},
    {"RetentionMark", "expiry", "meta",
     [](ChoresWorld&) {
       return Planted{table::kMeta, expiry::kRetentionMarkRow, "\1"};
     }},
    {"Period", "expiry", "period",
     [](ChoresWorld& w) { return Cut(w, table::kPeriod, PeriodKey(w)); }},
    {"PeriodOfALaterVersion", "expiry", "period",
     [](ChoresWorld& w) {
       return Planted{table::kPeriod, PeriodKey(w), "\x63"};
     }},
    {"PeriodLeaf", "expiry", "leaf",
     [](ChoresWorld& w) {
       return Cut(w, table::kLeaf, w.LeafKeyIn(table::kPeriod, PeriodKey(w), 2));
     }},
    {"RecordOfTheRestricted", "expiry", "record",
     [](ChoresWorld& w) { return Cut(w, table::kRecord, KeyOf(w, w.acme().held)); }},
    {"Act", "expiry", "act",
     [](ChoresWorld& w) {
       return Planted{table::kAct, row_key::Tenant(w.acme().tag) + "x", "\1"};
     }},
    {"OrderOfExpiredRows", "expired-rows", "meta",
     [](ChoresWorld&) {
       return Planted{table::kMeta, "expired.", "\1"};
     }},
    {"ExpiredRecord", "expired-rows", "record",
     [](ChoresWorld& w) { return Cut(w, table::kRecord, KeyOf(w, w.acme().ended)); }},
    {"SubjectOfTheExpired", "expired-rows", "subject",
     [](ChoresWorld& w) { return Cut(w, table::kSubject, SubjectKey(w, w.acme().ann)); }},
    {"ScheduledErase", "scheduled-erases", "meta",
     [](ChoresWorld& w) { return Cut(w, table::kMeta, EraseAt(w)); }},
    {"ScheduledEraseOfNobody", "scheduled-erases", "meta",
     [](ChoresWorld& w) {
       const std::string row = *w.test_vault.engine().Get(table::kMeta, EraseAt(w));
       return Planted{
           table::kMeta,
           "erase_at." + row_key::Tenant(w.acme().tag) + std::string(SubjectTag::kBytes, 'n'), row};
     }},
    {"SubjectOfTheErased", "scheduled-erases", "subject",
     [](ChoresWorld& w) { return Cut(w, table::kSubject, SubjectKey(w, w.acme().bob)); }},
    {"ScopeOfTheErased", "scheduled-erases", "scope",
     [](ChoresWorld& w) {
       return Cut(w, table::kScope, w.FirstKey(table::kScope, SubjectKey(w, w.acme().bob)));
     }},
    {"IdentifierOfTheErased", "scheduled-erases", "identifier",
     [](ChoresWorld& w) {
       return Cut(w, table::kIdentifier,
                  w.FirstKey(table::kIdentifier, SubjectKey(w, w.acme().bob)));
     }},
    {"LeafOfTheErased", "scheduled-erases", "leaf",
     [](ChoresWorld& w) {
       return Cut(w, table::kLeaf, w.LeafKeyIn(table::kSubject, SubjectKey(w, w.acme().bob), 2));
     }},
    {"OrderOfHygiene", "hygiene", "meta",
     [](ChoresWorld&) {
       return Planted{table::kMeta, "hygiene.", "\1"};
     }},
    {"RecordOfTheErased", "hygiene", "record",
     [](ChoresWorld& w) { return Cut(w, table::kRecord, KeyOf(w, w.acme().erased)); }},
    {"Request", "outdated-requests", "request",
     [](ChoresWorld& w) {
       return Cut(w, table::kRequest, w.FirstKey(table::kRequest, SubjectKey(w, w.acme().ann)));
     }},
    {"SubjectOfTheOffboarded", "offboarding", "subject",
     [](ChoresWorld& w) {
       return Cut(w, table::kSubject, row_key::Subject(w.initech(), w.dora()));
     }},
    {"IdentifierOfTheOffboarded", "offboarding", "identifier",
     [](ChoresWorld& w) {
       return Cut(w, table::kIdentifier,
                  w.FirstKey(table::kIdentifier, row_key::Subject(w.initech(), w.dora())));
     }},
    {"OrderWithoutATenant", "gone-tenants", "meta",
     [](ChoresWorld&) {
       return Planted{table::kMeta, "gone.", "\1"};
     }},
};
// clang-format on

class BadRowTest : public ::testing::TestWithParam<Case> {
 protected:
  // What nobody's bad row may hold up.
  std::string LeftOfOthers() {
    return world_.LeftOf(world_.globex()) + world_.LeftOfInitech(world_.emil(), "I-emil") +
           world_.LeftOfUmbrella();
  }

  ChoresWorld world_;
};

INSTANTIATE_TEST_SUITE_P(Tables, BadRowTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(BadRowTest, HoldsUpNobodyElseIsNamedAndPutBackIsDone) {
  ASSERT_NE(LeftOfOthers(), "") << "the control";
  const Planted planted = GetParam().plant(world_);
  const auto whole = world_.Plant(planted.table, planted.key, planted.value);
  world_.LetTheMonthPass();
  ASSERT_THAT(world_.test_vault->RunHousekeeping(), IsOk());

  EXPECT_EQ(LeftOfOthers(), "");
  const ChoreStatus status = world_.Chore(GetParam().chore);
  EXPECT_FALSE(status.healthy);
  EXPECT_EQ(status.failures, 0u);
  ASSERT_EQ(status.bad_row_count, 1u);
  EXPECT_EQ(status.bad_rows[0].table, GetParam().table);
  EXPECT_GT(status.bad_rows[0].number, 0u);
  for (const ChoreStatus& chore : world_.test_vault->operations().Status().chores) {
    EXPECT_EQ(chore.failures, 0u) << chore.name << ": " << chore.reason;
  }

  world_.Plant(planted.table, planted.key, whole);
  // Long enough for a look at what is offboarded, which comes last.
  for (int i = 0; i < 2; ++i) {
    world_.test_vault.clock.Advance(absl::Hours(1));
    ASSERT_THAT(world_.test_vault->RunHousekeeping(), IsOk());
  }
  EXPECT_TRUE(world_.Chore(GetParam().chore).healthy);
  EXPECT_EQ(world_.LeftOf(world_.acme()), "");
  EXPECT_EQ(world_.LeftOfInitech(world_.dora(), "I-dora"), "");
}

}  // namespace
}  // namespace lethe::vault::chores
