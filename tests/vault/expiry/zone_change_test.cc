// ACCEPTANCE T1: periods are counted in the tenant's zone, and a later change of it moves no end
// that is fixed. The instants are those of the acceptance table's rows.
#include <algorithm>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/policy/policy.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::expiry {
namespace {

using test::IsOk;
using test::IsRefused;
using test::TestVault;

// How a tenant comes to another policy.
enum class Way { kRestart, kNextVersion };

// One record of the acceptance table, stored in Rome, and the zone that comes after it.
struct Case {
  const char* name;
  Way way;
  const char* category;
  const char* origin;
  const char* end;
  const char* zone;
};

absl::Time At(const std::string& text) {
  absl::Time time;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) << text;
  return time;
}

std::string InZone(const std::string& zone) {
  std::string document = test::kTestPolicy;
  document.replace(document.find("Europe/Rome"), 11, zone);
  return document;
}

class ZoneChange : public ::testing::TestWithParam<Case> {
 protected:
  ZoneChange() { MoveTo(At(GetParam().origin)); }

  void MoveTo(absl::Time time) { vault_.clock.Advance(time - vault_.clock.Now()); }
  void ChangePolicy(const std::string& document) {
    vault_.options.tenants[0].policy_yaml = document;
    if (GetParam().way == Way::kRestart) return vault_.Restart();
    tenants::Tenants& served = vault_->stores().tenants;
    const tenants::TenantHandle acme = served.Find("acme");
    auto next = policy::Policy::Parse(document);
    ASSERT_THAT(next, IsOk());
    next->set_number(acme->policy.number() + 1);
    ASSERT_THAT(served.Replace(acme, acme->Under(*std::move(next))), IsOk());
  }
  Record Put() { return vault_.Put(ann_.tag, GetParam().category, "{}"); }
  std::string Purpose() const {
    return std::string(GetParam().category) == "billing" ? "billing" : "service";
  }
  std::string Report() {
    auto report = vault_->rights().AccessReport(vault_.As("access"), ann_.tag);
    EXPECT_THAT(report, IsOk());
    return *test::ReadAll(**report);
  }
  std::size_t PeriodRows() { return vault_.engine().Scan(table::kPeriod, {}, 100)->size(); }
  // How many of them are dead.
  std::size_t Tombstones() {
    const auto rows = vault_.engine().Scan(table::kPeriod, {}, 100);
    return static_cast<std::size_t>(
        std::ranges::count_if(*rows, [](const storage::Row& row) { return row.value[1] == '\2'; }));
  }
  void Sweep() { ASSERT_THAT(vault_->RunHousekeeping(), IsOk()); }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
};

// East of Rome, west of it, and with a day of another number at that instant.
INSTANTIATE_TEST_SUITE_P(
    Acceptance, ZoneChange,
    ::testing::Values(
        Case{"A_R2_7_Auckland_Restart", Way::kRestart, "telemetry", "2026-08-31T09:00:00+02:00",
             "2026-09-30T22:00:00Z", "Pacific/Auckland"},
        Case{"A_R2_7_Auckland_Version", Way::kNextVersion, "telemetry", "2026-08-31T09:00:00+02:00",
             "2026-09-30T22:00:00Z", "Pacific/Auckland"},
        Case{"A_R2_7_Honolulu_Restart", Way::kRestart, "telemetry", "2026-08-31T09:00:00+02:00",
             "2026-09-30T22:00:00Z", "Pacific/Honolulu"},
        Case{"A_R2_1_Kiritimati_Version", Way::kNextVersion, "telemetry",
             "2026-01-31T10:15:00+01:00", "2026-02-28T23:00:00Z", "Pacific/Kiritimati"},
        Case{"A_R2_2_PagoPago_Restart", Way::kRestart, "telemetry", "2028-01-30T23:59:59+01:00",
             "2028-02-29T23:00:00Z", "Pacific/Pago_Pago"},
        Case{"A_R3_2_Utc_Version", Way::kNextVersion, "telemetry", "2027-12-31T23:59:59.999+01:00",
             "2028-01-31T23:00:00Z", "UTC"},
        Case{"A_R4_2_Auckland_Restart", Way::kRestart, "billing", "2028-02-29T16:00:00+01:00",
             "2038-02-28T23:00:00Z", "Pacific/Auckland"},
        Case{"A_R4_2_PagoPago_Version", Way::kNextVersion, "billing", "2028-02-29T16:00:00+01:00",
             "2038-02-28T23:00:00Z", "Pacific/Pago_Pago"}),
    [](const auto& info) { return info.param.name; });

TEST_P(ZoneChange, MovesNoEndThatIsFixed) {
  const absl::Time end = At(GetParam().end);
  const Record record = Put();
  ASSERT_EQ(record.expire_time, end) << "counted in Rome";
  const std::string report = Report();
  ChangePolicy(InZone(GetParam().zone));

  EXPECT_EQ(vault_.Get(record, Purpose())->expire_time, end);
  const auto page = vault_->data().ListRecords(vault_.As(Purpose()), ann_.tag, "", {});
  EXPECT_EQ(page->items.front().expire_time, end);
  const std::string shown =
      "\"expire_time\":\"" + absl::FormatTime(absl::RFC3339_sec, end, absl::UTCTimeZone());
  EXPECT_NE(report.find(shown.substr(0, shown.find('+'))), std::string::npos) << report;
  EXPECT_NE(Report().find(shown.substr(0, shown.find('+'))), std::string::npos) << Report();

  MoveTo(end - absl::Microseconds(1));
  Sweep();
  EXPECT_EQ(Tombstones(), 0u) << "not a moment too early";
  EXPECT_THAT(vault_.Get(record, Purpose()), IsOk());
  MoveTo(end);
  EXPECT_THAT(vault_.Get(record, Purpose()), IsRefused(Reason::kResourceNotFound));
  MoveTo(end + absl::Minutes(1));
  Sweep();
  EXPECT_EQ(Tombstones(), 1u) << "nor later";
}

TEST_P(ZoneChange, IsForWhatComesLater) {
  const Record before = Put();
  ChangePolicy(InZone(GetParam().zone));
  const Record after = Put();
  const auto policy = policy::Policy::Parse(InZone(GetParam().zone));
  EXPECT_EQ(after.expire_time,
            policy->EndOf(*policy->Find(GetParam().category), At(GetParam().origin)));
  ASSERT_NE(after.expire_time, before.expire_time);
  EXPECT_EQ(PeriodRows(), 2u) << "the same number of a day in two zones is two days";

  // Each dies at its own end, whichever comes first.
  const bool old_first = before.expire_time < after.expire_time;
  const Record& first = old_first ? before : after;
  const Record& second = old_first ? after : before;
  MoveTo(*first.expire_time + absl::Minutes(2));
  Sweep();
  EXPECT_EQ(Tombstones(), 1u);
  EXPECT_THAT(vault_.Get(first, Purpose()), IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(vault_.Get(second, Purpose()), IsOk());
  MoveTo(*second.expire_time + absl::Minutes(2));
  Sweep();
  EXPECT_EQ(Tombstones(), 2u);
}

TEST_P(ZoneChange, AndBackFindsTheOldDaysAgain) {
  Put();
  ChangePolicy(InZone(GetParam().zone));
  ChangePolicy(test::kTestPolicy);
  EXPECT_EQ(Put().expire_time, At(GetParam().end));
  EXPECT_EQ(PeriodRows(), 1u);
}

// A shorter rule acts on what is stored (T10), by the days of the zone it was stored in.
TEST_P(ZoneChange, AShorterRuleCountsInTheZoneOfTheRecord) {
  const Record record = Put();
  const bool billing = Purpose() == "billing";
  const std::string from = billing ? "P10Y" : "P1M";
  std::string rome = test::kTestPolicy;
  rome.replace(rome.find(from), from.size(), "P7D");
  std::string there = InZone(GetParam().zone);
  there.replace(there.find(from), from.size(), "P7D");
  ChangePolicy(there);
  const auto policy = policy::Policy::Parse(rome);
  EXPECT_EQ(vault_.Get(record, Purpose())->expire_time,
            policy->EndOf(*policy->Find(GetParam().category), At(GetParam().origin)));
}

// What is compared above would see the fault: an end counted again from the day's number alone.
TEST_P(ZoneChange, ControlADayOfTheNewZoneEndsAtAnotherInstant) {
  const auto rome = policy::Policy::Parse(test::kTestPolicy);
  const auto there = policy::Policy::Parse(InZone(GetParam().zone));
  const policy::Category& category = *rome->Find(GetParam().category);
  const std::int32_t day = LocalDay(At(GetParam().origin), rome->time_zone());
  EXPECT_EQ(EndOfDay(category, day, rome->time_zone()), At(GetParam().end));
  EXPECT_NE(EndOfDay(category, day, there->time_zone()), At(GetParam().end));
}

}  // namespace
}  // namespace lethe::vault::expiry
